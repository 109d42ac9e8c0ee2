// Many workers, one order. Each value gets a slot, a channel for its one result. The slots stand in a queue in the order of the
// source; the workers fill them in any order. The capacity of the queue is the window: while the oldest result is missing,
// younger ones are worked on until the window is full, and not one more.

import { type Context, chan, Group, type ReceiveChan, type SendChan } from 'warren'

export interface Limits {
  /** How many goroutines work. */
  readonly jobs: number
  /** How many values, at most, are begun and not yet received from `results`. */
  readonly window: number
}

/** Sends `work(value)` for every value of `source`, in the order of the source, and closes `results` at the end. */
export async function inOrder<T, R>(
  source: ReceiveChan<T>,
  results: SendChan<R>,
  work: (value: T, ctx: Context) => Promise<R>,
  { jobs, window }: Limits,
  ctx?: Context,
): Promise<void> {
  const group = new Group(ctx)
  const tasks = chan<{ value: T; slot: SendChan<R> }>()
  // The slot that is being waited for has left the queue already.
  const slots = chan<ReceiveChan<R>>(window - 1)

  // The two goroutines that only move values are generators: the cheaper kind.
  await group.go(function* dispatch(ctx) {
    try {
      for (;;) {
        const next = yield* source.next(ctx)
        if (next.done) return
        const slot = chan<R>(1)
        yield* slots.send(slot, ctx)
        yield* tasks.send({ value: next.value, slot }, ctx)
      }
    } finally {
      slots.close()
      tasks.close()
    }
  })

  for (let i = 0; i < jobs; i++) {
    await group.go(async (ctx) => {
      for await (const { value, slot } of tasks) await slot.send(await work(value, ctx))
    })
  }

  await group.go(function* collect(ctx) {
    for (;;) {
      const slot = yield* slots.next(ctx)
      if (slot.done) return
      const result = yield* slot.value.next(ctx)
      if (!result.done) yield* results.send(result.value, ctx)
    }
  })

  try {
    await group.wait()
  } finally {
    results.close()
  }
}
