// Starvation: both workers have the same to do under one lock. The greedy one keeps it for all three parts of a round, the polite
// one asks for each part, and waits for the greedy one each time. Concurrency in Go, chapter 1.
import { Mutex, run, Second, sleep, WaitGroup } from 'warren'
import { isMain } from '../../is-main.ts'

const shiftMs = 1 * Second

async function greedyRound(lock: Mutex): Promise<void> {
  using _ = await lock.lock()
  await sleep(3)
}

async function politeRound(lock: Mutex): Promise<void> {
  for (let part = 0; part < 3; part++) {
    using _ = await lock.lock()
    await sleep(1)
  }
}

export async function main(): Promise<void> {
  const lock = new Mutex()
  const end = Date.now() + shiftMs
  const wg = new WaitGroup()

  const work = async (name: string, round: (lock: Mutex) => Promise<void>): Promise<void> => {
    let rounds = 0
    for (; Date.now() < end; rounds++) await round(lock)
    console.log(`${name} worker did ${rounds} rounds`)
  }
  wg.go(() => work('Greedy', greedyRound))
  wg.go(() => work('Polite', politeRound))
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
