// Sources without an end leave timers and I/O their turn, whoever reads them, and end when they are told to.
import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, go, type ReceiveChan, withCancel } from 'warren'
import {
  batch,
  bridge,
  buffer,
  collect,
  fanOut,
  filter,
  forEach,
  fromIterable,
  map,
  merge,
  orDone,
  parallelMap,
  reduce,
  repeat,
  repeatFn,
  tee,
  toNodeReadable,
  toReadableStream,
} from 'warren/pipeline'
import { idle } from '../support/styles.ts'

const none = (): false => false
const endless: Record<string, (ctx: AbortSignal) => Promise<unknown>> = {
  'a filter that lets nothing through': (ctx) => collect(filter(repeat(1), none), ctx),
  'a filter in a loop': async (ctx) => {
    for await (const _ of filter(repeat(1), none, ctx));
    throw new ContextCanceledError()
  },
  'a filter, received': async (ctx) => filter(repeat(1), none).receive(ctx),
  'filters over filters': (ctx) =>
    collect(
      filter(
        map(
          filter(
            repeatFn(() => 1),
            () => true,
          ),
          (n) => n,
        ),
        none,
      ),
      ctx,
    ),
  'a collect': (ctx) => collect(orDone(repeat(1)), ctx),
  'a fold': (ctx) => reduce(repeat(1), (sum, n) => sum + n, 0, ctx),
  'a forEach': (ctx) => forEach(repeat(1), () => {}, ctx),
  'an async forEach': (ctx) => forEach(repeat(1), async () => {}, { ctx, concurrency: 8 }),
  'a forEach without a limit': (ctx) =>
    forEach(repeat(1), async () => {}, { ctx, concurrency: Number.POSITIVE_INFINITY }),
  'a forEach of generators': (ctx) => forEach(repeat(1), function* () {}, { ctx, concurrency: 8 }),
  'a loop over values': async (ctx) => {
    for await (const _ of orDone(repeat(1), ctx));
    throw new ContextCanceledError()
  },
  'a loop in a generator': (ctx) =>
    go(function* () {
      const numbers = orDone(repeat(1), ctx)
      for (;;) if ((yield* numbers.next(ctx)).done === true) throw new ContextCanceledError()
    }).join(),
  'a batch that is never full': (ctx) => collect(batch(filter(repeat(1), none), { size: 9 }), ctx),
  'a huge batch': (ctx) => collect(filter(batch(repeat(1), { size: 100_000 }), none), ctx),
  'a bridge of what is empty': (ctx) => collect(bridge(repeatFn(() => fromIterable<number>([]))), ctx),
  'a merge': (ctx) => forEach(merge(repeat(1), repeat(2)), () => {}, ctx),
  'a merge of fanned out parts': (ctx) => forEach(merge(...fanOut(repeat(1), 3)), () => {}, ctx),
  'a merge of a tee': (ctx) => forEach(merge(...tee(repeat(1), 3)), () => {}, ctx),
  'a buffer': (ctx) => forEach(buffer(repeat(1), 1000), () => {}, ctx),
  'a parallelMap': (ctx) =>
    forEach(
      parallelMap(repeat(1), async (n) => n, { concurrency: 9 }),
      () => {},
      ctx,
    ),
  'a huge buffer that nobody reads': async (ctx) => {
    buffer(repeat(1), 50_000_000, ctx)
    await new Promise((resolve) => ctx.addEventListener('abort', resolve))
    throw new ContextCanceledError()
  },
  'an endless iterable': (ctx) =>
    forEach(
      fromIterable(
        (function* () {
          for (;;) yield 1
        })(),
      ),
      () => {},
      ctx,
    ),
  'an endless async iterable': (ctx) =>
    forEach(
      fromIterable(
        (async function* () {
          for (;;) yield 1
        })(),
      ),
      () => {},
      ctx,
    ),
  'a web stream': async (ctx) => {
    for await (const _ of toReadableStream(orDone(repeat(1), ctx)) as unknown as AsyncIterable<number>);
    throw new ContextCanceledError()
  },
  'a Node stream': async (ctx) => {
    for await (const _ of toNodeReadable(orDone(repeat(1), ctx)));
    throw new ContextCanceledError()
  },
}

/** Goes round the event loop, with real timers and turns for I/O. */
async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('timers fire beside what never ends, and cancelling ends it', () => {
  for (const [name, run] of Object.entries(endless)) {
    test(name, async () => {
      const controller = new AbortController()
      const ended = run(controller.signal).then(
        () => 'the end',
        (error: unknown) => error,
      )
      await rounds(4)
      controller.abort()
      expect(await ended).toBeInstanceOf(ContextCanceledError)
    })
  }
})

test('two that never end share the thread', async () => {
  const ctx = withCancel(background())
  const counts = [0, 0]
  const count =
    (i: number): ((n: number) => void) =>
    () =>
      void counts[i]!++
  const runs = [0, 1].map((i) => forEach(repeat(1), count(i), ctx).catch(() => {}))
  while (counts[0]! === 0 || counts[1]! === 0) await rounds(1)
  ctx.cancel()
  await Promise.all(runs)
})

test('what never ends holds no more than it was told to', async () => {
  const ctx = withCancel(background())
  let made = 0
  const numbers: ReceiveChan<number> = repeatFn(() => made++, { capacity: 10, ctx })
  await idle()
  expect([made, numbers.length]).toEqual([10, 10])
  ctx.cancel()
})
