// A loop over a channel ends when it is closed. Concurrency in Go, chapter 3.
import { chan, go, run } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const numbers = chan<number>()
  go(async function count() {
    for (let i = 1; i <= 5; i++) await numbers.send(i)
    numbers.close()
  })

  const seen: number[] = []
  for await (const n of numbers) seen.push(n)
  console.log(seen.join(' '))
}

if (isMain(import.meta)) await run(main)
