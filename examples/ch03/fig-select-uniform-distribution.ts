// Of several cases that are ready, select takes one at random: neither is preferred. Concurrency in Go, chapter 3.
import { chan, run, select } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const c1 = chan<never>()
  c1.close()
  const c2 = chan<never>()
  c2.close()

  const count = { c1: 0, c2: 0 }
  for (let i = 0; i < 1001; i++) count[(await select({ c1, c2 })).case]++
  console.log(`c1Count: ${count.c1}`)
  console.log(`c2Count: ${count.c2}`)
}

if (isMain(import.meta)) await run(main)
