// A leak on the other side: the reader takes three numbers and goes away, and the sender waits for ever with the fourth. What it
// would do at its end is never done. Concurrency in Go, chapter 4.
import { chan, go, type ReceiveChan, run } from 'warren'
import { isMain } from '../is-main.ts'

function newRandStream(): ReceiveChan<number> {
  const randStream = chan<number>()
  go(async function produce() {
    try {
      for (;;) await randStream.send(Math.random())
    } finally {
      console.log('newRandStream closure exited.')
    }
  })
  return randStream
}

export async function main(): Promise<void> {
  const randStream = newRandStream()
  console.log('3 random numbers:')
  for (let i = 1; i <= 3; i++) console.log(`${i}: ${await randStream.receive()}`)
}

if (isMain(import.meta)) await run(main)
