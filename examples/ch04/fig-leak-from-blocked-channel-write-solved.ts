// The sender mended: its send ends with a context, and its reader ends that when it has enough. With the library it is one
// line: `repeatFn(Math.random)` stops when its reader does. Concurrency in Go, chapter 4.
import { type Context, chan, go, type ReceiveChan, run, withCancel } from 'warren'
import { repeatFn, take } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

function newRandStream(ctx: Context): ReceiveChan<number> {
  const randStream = chan<number>()
  go(async function produce() {
    try {
      for (;;) await randStream.send(Math.random(), ctx)
    } finally {
      console.log('newRandStream closure exited.')
      randStream.close()
    }
  })
  return randStream
}

export async function main(parent: Context): Promise<void> {
  using ctx = withCancel(parent)
  const randStream = newRandStream(ctx)
  console.log('3 random numbers:')
  for (let i = 1; i <= 3; i++) console.log(`${i}: ${await randStream.receive()}`)
  ctx.cancel()
  await randStream.receive() // closed by the sender, at its end

  console.log('3 more:')
  for await (const n of take(repeatFn(Math.random), 3)) console.log(n)
}

if (isMain(import.meta)) await run(main)
