// The bridge-channel: a channel of channels, read as if it were one. The reader need not know that there are several. By hand,
// and `bridge`. Concurrency in Go, chapter 4.
import { type Context, chan, go, type ReceiveChan, run, withCancel } from 'warren'
import { bridge, fromIterable, map } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

function bridgeByHand<T>(channels: ReceiveChan<ReceiveChan<T>>, ctx: Context): ReceiveChan<T> {
  const out = chan<T>()
  go(async function forward() {
    try {
      for await (const channel of channels) {
        for await (const value of channel) await out.send(value, ctx)
      }
    } finally {
      out.close()
    }
  })
  return out
}

/** Ten channels with one number each. */
const genVals = (): ReceiveChan<ReceiveChan<number>> => map(fromIterable(Array(10).keys()), (n) => fromIterable([n]))

export async function main(parent: Context): Promise<void> {
  using ctx = withCancel(parent)
  for (const flatten of [bridgeByHand, bridge]) {
    const numbers: number[] = []
    for await (const n of flatten(genVals(), ctx)) numbers.push(n)
    console.log(...numbers)
  }
}

if (isMain(import.meta)) await run(main)
