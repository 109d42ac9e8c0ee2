// The or-done channel: a plain loop over somebody else's channel, which may never be closed, ends with a context as well. By hand,
// and `orDone`. Concurrency in Go, chapter 4 (not one of the book's files).
import { type Context, chan, go, type ReceiveChan, run, Second, select, sending, Ticker, withTimeout } from 'warren'
import { orDone } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

function orDoneByHand<T>(input: ReceiveChan<T>, ctx: Context): ReceiveChan<T> {
  const out = chan<T>()
  go(async function forward() {
    for (;;) {
      const received = await select({ value: input, done: ctx.done })
      if (received.case === 'done' || !received.ok) break
      const sent = await select({ value: sending(out, received.value), done: ctx.done })
      if (sent.case === 'done') break
    }
    out.close()
  })
  return out
}

export async function main(parent: Context): Promise<void> {
  for (const bounded of [orDoneByHand, orDone]) {
    using ctx = withTimeout(parent, 3.5 * Second)
    using ticker = new Ticker(1 * Second)
    let ticks = 0
    for await (const _ of bounded(ticker.c, ctx)) ticks++
    console.log(`${ticks} ticks`)
  }
}

if (isMain(import.meta)) await run(main)
