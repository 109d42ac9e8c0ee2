// `next` says, besides the value, whether there was one: `v, ok := <-ch`, with `done` for `!ok`. Concurrency in Go, chapter 3.
import { chan, go, run } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const words = chan<string>()
  go(async function talk() {
    await words.send('Hello channels!')
  })
  const { value, done } = await words.next()
  console.log(`(${!done}): ${value}`)
}

if (isMain(import.meta)) await run(main)
