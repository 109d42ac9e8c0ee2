// Readers beside one writer, with a lock for readers and writers, and with a plain one: who only reads need not wait for
// others who do. Concurrency in Go, chapter 3.
import { type Locker, Mutex, RWMutex, run, sleep, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

/** The book goes up to 2^19 readers. */
const doublings = 8

async function write(lock: Locker): Promise<void> {
  for (let i = 0; i < 5; i++) {
    using _ = await lock.lock()
    await sleep(1)
  }
}

async function read(lock: Locker): Promise<void> {
  using _ = await lock.lock()
  await sleep(1)
}

/** How long all of them take together, in milliseconds. */
async function measure(readers: number, forWriter: Locker, forReaders: Locker): Promise<number> {
  const start = performance.now()
  const wg = new WaitGroup()
  wg.go(() => write(forWriter))
  for (let i = 0; i < readers; i++) wg.go(() => read(forReaders))
  await wg.wait()
  return performance.now() - start
}

export async function main(): Promise<void> {
  const row = (...cells: readonly string[]): void => console.log(cells.map((cell) => cell.padStart(10)).join(''))
  row('Readers', 'RWMutex', 'Mutex')
  for (let readers = 1; readers <= 2 ** doublings; readers *= 2) {
    const rw = new RWMutex()
    const mutex = new Mutex()
    const shared = await measure(readers, rw, rw.rLocker())
    const exclusive = await measure(readers, mutex, mutex)
    row(String(readers), `${shared.toFixed(1)}ms`, `${exclusive.toFixed(1)}ms`)
  }
}

if (isMain(import.meta)) await run(main)
