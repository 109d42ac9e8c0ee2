// Channels between the stages: all of them work at the same time, each on another value, and end with the context. Each stage
// owns and closes its output. With the library each of them is one `map`. Concurrency in Go, chapter 4.
import { type Context, chan, go, type ReceiveChan, run, withCancel } from 'warren'
import { fromIterable, map, pipeline } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

function generator(ctx: Context, ...values: number[]): ReceiveChan<number> {
  const out = chan<number>()
  go(async function generate() {
    try {
      for (const value of values) await out.send(value, ctx)
    } finally {
      out.close()
    }
  })
  return out
}

function stage(ctx: Context, input: ReceiveChan<number>, fn: (value: number) => number): ReceiveChan<number> {
  const out = chan<number>()
  go(async function work() {
    try {
      for await (const value of input) await out.send(fn(value), ctx)
    } finally {
      out.close()
    }
  })
  return out
}

const multiply = (ctx: Context, input: ReceiveChan<number>, by: number) => stage(ctx, input, (n) => n * by)
const add = (ctx: Context, input: ReceiveChan<number>, addend: number) => stage(ctx, input, (n) => n + addend)

export async function main(parent: Context): Promise<void> {
  using ctx = withCancel(parent)
  const byHand = multiply(ctx, add(ctx, multiply(ctx, generator(ctx, 1, 2, 3, 4), 2), 1), 2)
  for await (const n of byHand) console.log(n)

  const stages = pipeline(
    fromIterable([1, 2, 3, 4], ctx),
    (ch) => map(ch, (n) => n * 2),
    (ch) => map(ch, (n) => n + 1),
    (ch) => map(ch, (n) => n * 2),
  )
  for await (const n of stages) console.log(n)
}

if (isMain(import.meta)) await run(main)
