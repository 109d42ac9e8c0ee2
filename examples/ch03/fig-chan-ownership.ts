// The owner of a channel makes it, sends and closes it, and hands out only the end to receive from. Nobody else can close it
// twice, or send on it when it is closed: that would not compile. Concurrency in Go, chapter 3.
import { chan, go, type ReceiveChan, run } from 'warren'
import { isMain } from '../is-main.ts'

function countToFive(): ReceiveChan<number> {
  const numbers = chan<number>(5)
  go(async function owner() {
    for (let i = 0; i <= 5; i++) await numbers.send(i)
    numbers.close()
  })
  return numbers
}

export async function main(): Promise<void> {
  for await (const n of countToFive()) console.log(`Received: ${n}`)
  console.log('Done receiving!')
}

if (isMain(import.meta)) await run(main)
