// Lexical confinement: the channel to send on exists only inside of its owner. The consumer is given the end to receive from,
// and the compiler keeps it to that. Concurrency in Go, chapter 4.
import { chan, go, type ReceiveChan, run } from 'warren'
import { isMain } from '../is-main.ts'

function owner(): ReceiveChan<number> {
  const results = chan<number>(5)
  go(async function fill() {
    for (let i = 0; i <= 5; i++) await results.send(i)
    results.close()
  })
  return results
}

async function consume(results: ReceiveChan<number>): Promise<void> {
  // @ts-expect-error what can be received from cannot be sent on
  type _ = typeof results.send
  for await (const result of results) console.log(`Received: ${result}`)
  console.log('Done receiving!')
}

export async function main(): Promise<void> {
  await consume(owner())
}

if (isMain(import.meta)) await run(main)
