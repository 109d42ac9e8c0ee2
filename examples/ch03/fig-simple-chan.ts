// A value goes from one goroutine to another; main waits until it is there. Concurrency in Go, chapter 3.
import { chan, go, run } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const words = chan<string>()
  go(async function talk() {
    await words.send('Hello channels!')
  })
  console.log(await words.receive())
}

if (isMain(import.meta)) await run(main)
