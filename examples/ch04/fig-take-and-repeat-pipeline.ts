// Generators: `repeat` gives values without an end, `take` the first of them and no more. By hand each is a goroutine that ends
// with a context; the library's end when nobody reads them any more. Concurrency in Go, chapter 4.
import { type Context, chan, go, type ReceiveChan, run, withCancel } from 'warren'
import { collect, repeat, take } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

function repeatByHand<T>(ctx: Context, ...values: T[]): ReceiveChan<T> {
  const out = chan<T>()
  go(async function repeat() {
    try {
      for (;;) for (const value of values) await out.send(value, ctx)
    } finally {
      out.close()
    }
  })
  return out
}

function takeByHand<T>(ctx: Context, input: ReceiveChan<T>, count: number): ReceiveChan<T> {
  const out = chan<T>()
  go(async function take() {
    try {
      for (let i = 0; i < count; i++) await out.send((await input.receive(ctx)) as T, ctx)
    } finally {
      out.close()
    }
  })
  return out
}

export async function main(parent: Context): Promise<void> {
  using ctx = withCancel(parent)
  const ones: number[] = []
  for await (const n of takeByHand(ctx, repeatByHand(ctx, 1), 10)) ones.push(n)
  console.log(...ones)

  console.log(...(await collect(take(repeat(1), 10))))
}

if (isMain(import.meta)) await run(main)
