// Where and when the user's functions run: in the asynchronous context and the bubble that they belong to, under their
// own names, and never inside a sender's step.
import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { type Chan, chan, go, never, type ReceiveChan, tick } from 'warren'
import { goroutines } from 'warren/debug'
import {
  batch,
  bridge,
  buffer,
  collect,
  filter,
  forEach,
  fromIterable,
  generate,
  map,
  merge,
  orDone,
  parallelMap,
  reduce,
  repeatFn,
  take,
  tee,
} from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { idle } from '../support/styles.ts'

/** Behind a function, what might pull it from another place than the reader's call. */
const behind: Record<string, (ch: ReceiveChan<number>) => ReceiveChan<unknown>> = {
  nothing: (ch) => ch,
  orDone: (ch) => orDone(ch),
  buffer: (ch) => buffer(ch, 3),
  'a buffered merge': (ch) => merge(ch, { capacity: 2 }),
  'a buffered tee': (ch) => merge(...tee(ch, 2, { capacity: 2 })),
  batch: (ch) => batch(ch, { size: 2 }),
  'batch by time': (ch) => batch(ch, { withinMs: 0 }),
  'a bridge': (ch) => bridge(fromIterable([ch])),
  map: (ch) => map(ch, (n) => n),
  'an async map': (ch) => map(ch, async (n) => n),
  take: (ch) => take(ch, 100, { capacity: 5 }),
}

const isVirtual = (): boolean => Date.now() < Date.UTC(2001, 0)

describe('a function runs in the bubble and in the asynchronous context of its stage', () => {
  for (const [name, stage] of Object.entries(behind)) {
    test(`with ${name} behind it`, async () => {
      const seen: unknown[] = []
      const storage = new AsyncLocalStorage<string>()
      await bubble(async (t) => {
        await storage.run('here', async () => {
          const ch = chan<number>(5)
          const look = (n: number): number => {
            seen.push(storage.getStore(), isVirtual())
            return n
          }
          const all = collect(stage(map(ch, look)))
          await t.wait()
          await ch.sendMany([1, 2, 3])
          await t.wait()
          await ch.sendMany([4, 5, 6, 7])
          ch.close()
          await all
        })
      })()
      expect(seen).toEqual(Array.from({ length: 7 }, () => ['here', true]).flat())
    })
  }

  const calls: Record<string, (ch: ReceiveChan<number>, look: () => true) => Promise<unknown>> = {
    filter: (ch, look) => collect(filter(ch, look)),
    parallelMap: (ch, look) => collect(parallelMap(ch, async () => look(), { concurrency: 3 })),
    forEach: (ch, look) => forEach(ch, look),
    reduce: (ch, look) => reduce(ch, (sum) => sum + Number(look()), 0),
    'a generator function': (ch, look) =>
      collect(
        map(ch, function* () {
          return look()
        }),
      ),
  }
  for (const [name, call] of Object.entries(calls)) {
    test(`called by ${name}`, async () => {
      const seen: unknown[] = []
      const storage = new AsyncLocalStorage<string>()
      await bubble(async (t) => {
        const ch = chan<number>(5)
        const all = storage.run('here', () =>
          call(ch, () => {
            seen.push(storage.getStore(), isVirtual())
            return true
          }),
        )
        await t.wait()
        await ch.sendMany([1, 2, 3, 4])
        ch.close()
        await all
      })()
      expect(seen).toEqual(Array.from({ length: 4 }, () => ['here', true]).flat())
    })
  }

  test('and so does the iterable that is read, also when it is told to stop', async () => {
    const seen: unknown[] = []
    const storage = new AsyncLocalStorage<string>()
    const look = (): number => seen.push(storage.getStore(), isVirtual())
    function* sync(): Generator<number> {
      try {
        for (;;) yield look()
      } finally {
        look()
      }
    }
    async function* async(): AsyncGenerator<number> {
      try {
        for (;;) yield look()
      } finally {
        look()
      }
    }
    for (const source of [sync, async]) {
      await bubble(async (t) => {
        const stage = storage.run('here', () => buffer(generate<number>(source), 2))
        await t.wait()
        const left = stage[Symbol.asyncIterator]()
        await left.next()
        void left.return?.()
        await t.wait()
      })()
    }
    expect(seen.length).toBeGreaterThanOrEqual(2 * (3 + 3))
    expect(new Set(seen)).toEqual(new Set(['here', true]))
  })
})

describe('no code of the user runs inside a sender’s step', () => {
  /** Sends while nothing else may run; what does is recorded. */
  function sendAlone(ch: Chan<number>, value: number): boolean {
    isSending = true
    const took = ch.trySend(value)
    isSending = false
    return took
  }
  let isSending = false
  const ran: boolean[] = []
  const look = <T>(value: T): T => {
    ran.push(isSending)
    return value
  }

  const pipelines: Record<string, (ch: ReceiveChan<number>) => ReceiveChan<unknown>> = {
    map: (ch) => map(ch, look),
    filter: (ch) => filter(ch, () => look(true)),
    'a generator function': (ch) =>
      map(ch, function* (n) {
        return look(n)
      }),
    'map behind movers': (ch) => map(orDone(merge(ch, never)), look),
    'what take has stopped reading': (ch) => take(merge(ch, fromStuck()), 1),
    'the context of calls that take has stopped': (ch) => take(merge(ch, stuckCall()), 1),
    'the context of a producer that take has stopped': (ch) => take(merge(ch, stuckProducer()), 1),
    'the context of calls under a signal': (ch) => take(merge(ch, stuckCall(new AbortController().signal)), 1),
    'a bridge to what calls functions': (ch) => bridge(map(ch, (n) => map(fromIterable([n]), look))),
  }
  const fromStuck = (): ReceiveChan<number> =>
    fromIterable<number>({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: async () => look({ value: 0, done: true as const }),
      }),
    })
  const stuckCall = (signal?: AbortSignal): ReceiveChan<number> =>
    map(
      fromIterable([1]),
      (_, ctx) => {
        ctx.signal.addEventListener('abort', () => look(0))
        return new Promise<never>(() => {})
      },
      signal,
    )
  const stuckProducer = (): ReceiveChan<number> =>
    generate<number>(async (_, ctx) => {
      ctx.signal.addEventListener('abort', () => look(0))
      await never.receive(ctx)
    })

  for (const [name, pipe] of Object.entries(pipelines)) {
    test(name, async () => {
      ran.length = 0
      const ch = chan<number>()
      const got = pipe(ch).receive()
      await idle()
      ran.length = 0
      expect(sendAlone(ch, 1)).toBe(true)
      await got
      await idle()
      expect(ran).toEqual([false])
    })
  }
})

test('a channel that is sent to a bridge, and the one behind it, are read in turns of their own', async () => {
  const ran: boolean[] = []
  let isSending = false
  const look = (n: number): number => {
    ran.push(isSending)
    return n
  }
  const full = (...values: number[]): ReceiveChan<number> => {
    const ch = chan<number>(values.length)
    for (const value of values) ch.trySend(value)
    ch.close()
    return ch
  }
  function* more(inner: Chan<number>): Generator<ReceiveChan<number>> {
    yield inner
    look(0)
    yield map(full(3), look)
  }
  const [channels, inner] = [chan<ReceiveChan<number>>(), chan<number>()]
  const all = [collect(bridge(channels)), collect(bridge(fromIterable(more(inner))))]
  await idle()
  isSending = true
  channels.trySend(map(full(1, 2), look))
  channels.close()
  inner.close()
  isSending = false
  expect(await Promise.all(all)).toEqual([[1, 2], [3]])
  expect(ran).toEqual([false, false, false, false])
})

describe('goroutines have the names of the functions that they run', () => {
  const starts: Record<string, () => void> = {
    map: () => void map(fromIterable([1]), stuck).tryReceive(),
    'map with results': () => void map(fromIterable([1]), stuck, { asResult: true }).tryReceive(),
    filter: () => void filter(fromIterable([1]), stuck).tryReceive(),
    repeatFn: () => void repeatFn(stuck).tryReceive(),
    reduce: () => void reduce(fromIterable([1]), stuck, 0).catch(() => {}),
    forEach: () => void forEach(fromIterable([1]), stuck).catch(() => {}),
    generate: () => void generate<never>(stuckSource),
  }
  function* stuck(): Generator<never, never, never> {
    return (yield* never.receive() as unknown as Iterable<never>) as never
  }
  function* stuckSource(_: unknown): Generator<never, void, never> {
    yield* never.receive() as unknown as Iterable<never>
  }

  for (const [name, start] of Object.entries(starts)) {
    test(name, async () => {
      const known = new Set(goroutines().map(({ id }) => id))
      start()
      await idle()
      const added = goroutines().filter(({ id }) => !known.has(id))
      expect(added.map((goroutine) => goroutine.name)).toEqual([name === 'generate' ? 'stuckSource' : 'stuck'])
    })
  }
})

test(
  'a ticker is read by stages at its own pace',
  bubble(async () => {
    const at = map(orDone(tick(10)), () => Date.now())
    const times = await collect(take(at, 5))
    expect(times.map((time) => time - times[0]!)).toEqual([0, 10, 20, 30, 40])
  }),
)

test('goroutines of the user’s, beside stages, start as always', async () => {
  const ch = map(fromIterable([1, 2]), (n) => go(async () => n))
  expect(await Promise.all((await collect(ch)).map((goroutine) => goroutine.join()))).toEqual([1, 2])
})
