// A closed channel can be read for ever. There are no zero values here, so that a default takes their place.
// Concurrency in Go, chapter 3.
import { chan, run } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const numbers = chan<number>()
  numbers.close()
  const { value = 0, done } = await numbers.next()
  console.log(`(${!done}): ${value}`)
}

if (isMain(import.meta)) await run(main)
