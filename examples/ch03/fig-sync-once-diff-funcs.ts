// A Once counts its own calls, not those of the function it is given: the second function does not run.
// Concurrency in Go, chapter 3.
import { Once, run } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  let count = 0
  const once = new Once()
  await once.do(() => count++)
  await once.do(() => count--)
  console.log(`Count: ${count}`)
}

if (isMain(import.meta)) await run(main)
