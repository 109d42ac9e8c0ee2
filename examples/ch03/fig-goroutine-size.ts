// What a parked goroutine costs: ten thousand of them, and the heap before and after. Concurrency in Go, chapter 3.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { chan, gosched, run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

export async function main(): Promise<void> {
  const count = 10_000
  const gate = chan<never>()
  const wg = new WaitGroup()

  const before = heapBytes()
  for (let i = 0; i < count; i++) {
    wg.go(function* park() {
      yield* gate.receive()
    })
  }
  await gosched() // all of them have had their turn, and wait
  console.log(`${((heapBytes() - before) / count / 1000).toFixed(3)}kb`)

  gate.close()
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
