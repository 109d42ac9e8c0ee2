// The for-select loop: a goroutine works in cycles, and looks between them whether it should stop. Concurrency in Go, chapter 3.
import { chan, go, run, Second, sleep, trySelect } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const stop = chan<never>()
  go(async function stopLater() {
    await sleep(5 * Second)
    stop.close()
  })

  let cycles = 0
  while (trySelect({ stop }) === undefined) {
    cycles++
    await sleep(1 * Second) // work
  }
  console.log(`Achieved ${cycles} cycles of work before it was told to stop.`)
}

if (isMain(import.meta)) await run(main)
