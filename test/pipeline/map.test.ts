// map, filter, parallelMap, flatMap: what calls a function with each value.
import { describe, expect, test } from 'vitest'
import { background, chan, gosched, type ReceiveChan, sleep, withCancel, withTimeout, withValue } from 'warren'
import { cause, contextKey } from 'warren/context'
import { buffer, collect, filter, flatMap, fromIterable, map, orDone, parallelMap, take } from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { inBubbles } from '../support/bubbles.ts'
import { TrackedAsyncSource, TrackedSource, upTo } from '../support/stages.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

const styles: Record<string, (fn: (n: number) => number, ms?: (n: number) => number) => (n: number) => never> = {
  plain: (fn) => ((n: number) => fn(n)) as never,
  async: (fn, ms) =>
    (async (n: number) => {
      if (ms !== undefined) await sleep(ms(n))
      return fn(n)
    }) as never,
  generator: (fn, ms) =>
    function* (n: number) {
      if (ms !== undefined) yield* sleep(ms(n))
      return fn(n)
    } as never,
}

for (const [style, make] of Object.entries(styles)) {
  describe(`with a function that is ${style}`, () => {
    test('each value is mapped, in order', async () => {
      for (const options of [{}, { capacity: 3 }, { concurrency: 3 }, { concurrency: 3, capacity: 2 }]) {
        const mapped = map(
          fromIterable(upTo(9)),
          make((n) => n * 2),
          options,
        )
        expect(await collect(mapped)).toEqual(upTo(9).map((n) => n * 2))
      }
    })

    test('a filter lets through what it says, in order, as it came', async () => {
      for (const concurrency of [1, 4]) {
        const odd = filter(
          fromIterable(upTo(9)),
          make((n) => n % 2),
          { concurrency },
        )
        expect(await collect(odd)).toEqual([1, 3, 5, 7, 9])
      }
    })

    test('it is called with a context that ends with the stage, and stands on the stage’s', async () => {
      const key = contextKey<string>('key')
      const ctx = withCancel(withValue(background(), key, 'value'))
      const seen: unknown[] = []
      const stage = map(
        chanOf(1, 2),
        (n, own) => {
          seen.push(own.value(key), own.err)
          own.done
          return make((m) => m)(n)
        },
        ctx,
      )
      expect(await stage.receive()).toBe(1)
      const reason = new Error('enough')
      ctx.cancel(reason)
      await idle()
      expect(seen.slice(0, 2)).toEqual(['value', undefined])
      expect(await stage.next()).toEqual({ value: undefined, done: true })
    })
  })
}

function chanOf(...values: number[]) {
  const ch = chan<number>(values.length)
  for (const value of values) ch.trySend(value)
  return ch
}

describe('how far ahead it works', () => {
  /** How many values have been taken when one has been read and nothing more happens. */
  async function taken(make: (source: TrackedSource<number>) => { receive(): Promise<unknown> }): Promise<number[]> {
    const source = new TrackedSource(upTo(99))
    const stage = make(source)
    await idle()
    const counts = [source.read]
    for (let i = 0; i < 2; i++) {
      await stage.receive()
      await idle()
      counts.push(source.read)
    }
    return counts
  }

  test('a plain function is called when it is asked for, whatever the concurrency', async () => {
    expect(await taken((source) => map(fromIterable(source), (n) => n))).toEqual([0, 1, 2])
    expect(await taken((source) => map(fromIterable(source), (n) => n, { concurrency: 5 }))).toEqual([0, 1, 2])
  })

  test('an async function or a generator, once asked for, by as many calls as may be under way', async () => {
    const later = async (n: number): Promise<number> => n
    const body = function* (n: number) {
      yield* gosched()
      return n
    }
    for (const fn of [later, body]) {
      expect(await taken((source) => map(fromIterable(source), fn))).toEqual([0, 2, 3])
      expect(await taken((source) => map(fromIterable(source), fn, { concurrency: 5 }))).toEqual([0, 6, 7])
      const unordered = { concurrency: 5, ordered: false }
      expect(await taken((source) => map(fromIterable(source), fn, unordered))).toEqual([0, 6, 7])
    }
  })

  test('a buffer is filled from the start, and calls stop when it is full', async () => {
    expect(await taken((source) => map(fromIterable(source), (n) => n, { capacity: 3 }))).toEqual([3, 4, 5])
    const later = async (n: number): Promise<number> => n
    expect(await taken((source) => map(fromIterable(source), later, { capacity: 3 }))).toEqual([4, 5, 6])
    expect(await taken((source) => buffer(map(fromIterable(source), later), 3))).toEqual([4, 5, 6])
  })

  for (const concurrency of [1, 2, 7]) {
    for (const ordered of [true, false]) {
      test(`never more than ${concurrency} calls are under way, ordered ${ordered}`, async () => {
        let [running, most] = [0, 0]
        const stage = parallelMap(
          fromIterable(upTo(40)),
          async (n) => {
            most = Math.max(most, ++running)
            for (let i = 0; i <= n % 4; i++) await gosched()
            running--
            return n
          },
          { concurrency, ordered, capacity: 3 },
        )
        expect([...(await collect(stage))].sort((a, b) => a - b)).toEqual(upTo(40))
        expect([running, most]).toEqual([0, concurrency])
      })
    }
  }
})

describe('order', () => {
  inBubbles('is kept unless told: a slow call holds up those behind it, and not their work', function* (t, style) {
    const stage = parallelMap(
      fromIterable([300, 100, 200]),
      styles['generator']!(
        (n) => n,
        (n) => n,
      ),
      { concurrency: 3 },
    )
    const got: (readonly [number, number])[] = []
    const reader = style.go(function* () {
      for (let next = yield* on(stage.next()); next.done !== true; next = yield* on(stage.next())) {
        got.push([next.value, t.now()])
      }
    })
    yield* on(reader.join())
    expect(got).toEqual([
      [300, 300],
      [100, 300],
      [200, 300],
    ])
  })

  inBubbles('unordered, results come as soon as they are there', function* (t, style) {
    const stage = parallelMap(
      fromIterable([300, 100, 200]),
      styles['async']!(
        (n) => n,
        (n) => n,
      ),
      {
        concurrency: 3,
        ordered: false,
      },
    )
    const got: (readonly [number, number])[] = []
    const reader = style.go(function* () {
      for (let next = yield* on(stage.next()); next.done !== true; next = yield* on(stage.next())) {
        got.push([next.value, t.now()])
      }
    })
    yield* on(reader.join())
    expect(got).toEqual([
      [100, 100],
      [200, 200],
      [300, 300],
    ])
  })

  test('functions that answer now at once, now later, keep it too', async () => {
    for (const concurrency of [1, 3]) {
      const stage = map(fromIterable(upTo(30)), (n) => (n % 3 === 0 ? n : sleepTurns(n % 3).then(() => n)), {
        concurrency,
      })
      expect(await collect(stage)).toEqual(upTo(30))
    }
  })
})

async function sleepTurns(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await gosched()
}

describe('ends', () => {
  inBothStyles('the end of the input comes behind what is under way', function* (style) {
    const ch = chan<number>(3)
    yield* on(ch.sendMany([1, 2, 3]))
    ch.close()
    const all = waiting(style, () => collect(parallelMap(ch, async (n) => n, { concurrency: 5 })))
    yield* on(idle())
    expect(all.value).toEqual([1, 2, 3])
  })

  test(
    'a deadline ends the calls that are under way, and who collects gets its error',
    bubble(async (t) => {
      const ended: unknown[] = []
      const stage = parallelMap(
        fromIterable(upTo(5)),
        async (n, ctx) => {
          await ctx.done.receive()
          ended.push(t.now(), (cause(ctx) as Error).message)
          return n
        },
        { concurrency: 2, ctx: withTimeout(background(), 100) },
      )
      await expect(collect(stage)).rejects.toMatchObject({ code: 'ERR_DEADLINE_EXCEEDED' })
      await t.wait()
      expect(ended).toEqual([100, 'context deadline exceeded', 100, 'context deadline exceeded'])
    }),
  )

  test('a function that ends its own stage is not called again, and nothing more is read', async () => {
    for (const make of [map, filter] as const) {
      const ctx = withCancel(background())
      const source = new TrackedSource(upTo(9))
      const calls: number[] = []
      const call = (n: number): boolean => {
        calls.push(n)
        if (n === 3) ctx.cancel()
        return make !== filter
      }
      const input = fromIterable(source)
      const stage: ReceiveChan<unknown> = make === map ? map(input, call, ctx) : filter(input, call, ctx)
      const got: unknown[] = []
      for await (const value of stage) got.push(value)
      await idle()
      expect([calls, source.read, source.returned]).toEqual([[1, 2, 3], 3, 1])
    }
  })

  test('a function that ends a stage behind its own has its value dropped', async () => {
    const ctx = withCancel(background())
    const ch = chan<number>(5)
    await ch.sendMany([1, 2, 3])
    const stage = orDone(
      map(ch, (n) => {
        if (n === 2) ctx.cancel()
        return n
      }),
      ctx,
    )
    expect(await collect(stage)).toEqual([1])
    expect(ch.tryReceive()).toEqual({ value: 3, ok: true })
  })

  for (const height of [1, 2, 3, 5]) {
    for (let at = 0; at < height; at++) {
      test.each([true, false])(
        `and so has one that ends number ${at} of ${height} movers behind its own, read by others too: %s`,
        async (isShared) => {
          const ctx = withCancel(background())
          const ch = chan<number>(5)
          await ch.sendMany([1, 2, 3])
          let stage = map(ch, (n) => {
            if (n === 2) ctx.cancel()
            return n
          })
          let other: AsyncIterator<number, undefined> | undefined
          for (let i = 0; i < height; i++) {
            if (isShared && i === at) other = stage[Symbol.asyncIterator]()
            stage = orDone(stage, i === at ? ctx : undefined)
          }
          expect(await stage.receive()).toBe(1)
          expect(await stage.next()).toEqual({ value: undefined, done: true })
          expect(await collect(stage)).toEqual([])
          if (other !== undefined) expect(await other.next()).toEqual({ value: 3, done: false })
          else expect(ch.tryReceive()).toEqual({ value: 3, ok: true })
        },
      )
    }
  }

  test('a function that reads its own stage waits for itself, and nothing breaks', async () => {
    const seen: unknown[] = []
    const stage = map(fromIterable(upTo(3)), (n): number => {
      seen.push(stages[0]!.tryReceive())
      return n
    })
    const stages = [stage]
    expect(await collect(stage)).toEqual([1, 2, 3])
    expect(seen).toEqual([undefined, undefined, undefined])
  })
})

describe('flatMap', () => {
  test('tells every source that it has opened, also those that nobody has read yet', async () => {
    const opened: TrackedAsyncSource<number>[] = []
    const values = flatMap(
      fromIterable(upTo(9)),
      async () => {
        const source = new TrackedAsyncSource(upTo(3))
        opened.push(source)
        return source
      },
      { concurrency: 3 },
    )
    expect(await collect(take(values, 2))).toEqual([1, 2])
    await idle()
    expect(opened.length).toBeGreaterThan(1)
    expect(opened.map(({ isOver }) => isOver)).toEqual(opened.map(() => true))
  })
})
