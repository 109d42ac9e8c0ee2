import { describe, expect, test } from 'vitest'
import { background, type Context, chan, go, never, sleep, withTimeout } from 'warren'
import { AllFailedError, Hedger, hedge } from 'warren/resilience'
import { bubble } from 'warren/testing'
import { inBubbles } from '../support/bubbles.ts'
import { failure, written } from '../support/functions.ts'
import { on } from '../support/styles.ts'

describe('hedge', () => {
  inBubbles('does not try again when the first attempt answers in time', function* (_t, style) {
    const tried: number[] = []
    const ask = written(style, function* (ctx: Context, i: number) {
      tried.push(i)
      yield* on(sleep(9, ctx))
      return i
    })
    expect(yield* on(hedge(ask, { delayMs: 10, max: 5 }))).toBe(0)
    expect(tried).toEqual([0])
  })

  inBubbles(
    'tries again each time the delay has passed, until the maximum; the first success wins',
    function* (t, style) {
      const tried: string[] = []
      const ended: string[] = []
      const ask = written(style, function* (ctx: Context, i: number) {
        tried.push(`${i} at ${t.now()}`)
        try {
          yield* on(sleep(i === 2 ? 25 : 1000, ctx))
          return i
        } finally {
          ended.push(`${i} at ${t.now()}`)
        }
      })
      expect(yield* on(hedge(ask, { delayMs: 10, max: 3 }))).toBe(2)
      expect(t.now()).toBe(45)
      yield* on(t.wait())
      expect(tried).toEqual(['0 at 0', '1 at 10', '2 at 20'])
      expect(ended).toEqual(['2 at 45', '0 at 45', '1 at 45'])
    },
  )

  inBubbles('the first attempt may still win', function* (t, style) {
    const ask = written(style, function* (ctx: Context, i: number) {
      yield* on(sleep(i === 0 ? 15 : 1000, ctx))
      return i
    })
    expect(yield* on(hedge(ask, { delayMs: 10 }))).toBe(0)
    expect(t.now()).toBe(15)
  })

  inBubbles('tries again at once when an attempt fails, and waits from then on', function* (t, style) {
    const tried: string[] = []
    const ask = written(style, function* (ctx: Context, i: number) {
      tried.push(`${i} at ${t.now()}`)
      yield* on(sleep(4, ctx))
      if (i === 0) throw new Error('broken')
      yield* on(sleep(i === 2 ? 1 : 1000, ctx))
      return i
    })
    expect(yield* on(hedge(ask, { delayMs: 10, max: 3 }))).toBe(2)
    expect(tried).toEqual(['0 at 0', '1 at 4', '2 at 14'])
  })

  inBubbles('fails when all attempts have, with each error', function* (t, style) {
    const ask = written(style, function* (ctx: Context, i: number) {
      yield* on(sleep(i === 0 ? 30 : 1, ctx))
      throw new Error(`no ${i}`)
    })
    const error = yield* failure(() => hedge(ask, { delayMs: 10, max: 2 }))
    expect(error).toBeInstanceOf(AllFailedError)
    expect(error).toMatchObject({ errors: [{ message: 'no 0' }, { message: 'no 1' }] })
    expect(t.now()).toBe(30)
  })

  inBubbles('an error that is an answer ends the call', function* (t, style) {
    const notFound = new Error('not found')
    const tried: number[] = []
    const ask = written(style, function* (ctx: Context, i: number) {
      tried.push(i)
      yield* on(sleep(5, ctx))
      throw notFound
    })
    const isFinal = (error: unknown) => error === notFound
    expect(yield* failure(() => hedge(ask, { delayMs: 10, isFinal }))).toBe(notFound)
    expect([tried, t.now()]).toEqual([[0], 5])
  })

  inBubbles('what isFinal throws is what the call fails with', function* (_t, style) {
    const ask = written(style, function* () {
      throw new Error('no')
    })
    const isFinal = () => {
      throw new Error('a bug')
    }
    expect(yield* failure(() => hedge(ask, { delayMs: 10, isFinal }))).toMatchObject({ message: 'a bug' })
  })

  inBubbles('an attempt that ends at the very moment of the delay has answered in time', function* (_t, style) {
    const tried: number[] = []
    const ask = written(style, function* (ctx: Context, i: number) {
      tried.push(i)
      yield* on(sleep(10, ctx))
      return i
    })
    expect(yield* on(hedge(ask, { delayMs: 10 }))).toBe(0)
    expect(tried).toEqual([0])
  })

  inBubbles('a failure at the very moment of the delay starts one attempt, not two', function* (t, style) {
    const tried: string[] = []
    const ask = written(style, function* (ctx: Context, i: number) {
      tried.push(`${i} at ${t.now()}`)
      yield* on(sleep(10, ctx))
      if (i === 0) throw new Error('broken')
      yield* on(sleep(100, ctx))
      return i
    })
    expect(yield* on(hedge(ask, { delayMs: 10, max: 3 }))).toBe(1)
    expect(tried).toEqual(['0 at 0', '1 at 10', '2 at 20'])
  })

  inBubbles('a delay of 0 starts all at once, an infinite one only after failures', function* (t, style) {
    const tried: string[] = []
    const ask = written(style, function* (ctx: Context, i: number) {
      tried.push(`${i} at ${t.now()}`)
      yield* on(sleep(10, ctx))
      if (i === 0) throw new Error('broken')
      return i
    })
    yield* on(hedge(ask, { delayMs: 0, max: 3 }))
    yield* on(hedge(ask, { delayMs: Number.POSITIVE_INFINITY, max: 3 }))
    expect(tried).toEqual(['0 at 0', '1 at 0', '2 at 0', '0 at 10', '1 at 20'])
  })

  inBubbles(
    'the end of its context ends the wait and the attempts, and nothing more is started',
    function* (_t, style) {
      let tried = 0
      let ended = 0
      const ask = written(style, function* (ctx: Context) {
        tried++
        try {
          yield* on(sleep(1000, ctx))
        } finally {
          ended++
        }
      })
      using ctx = withTimeout(background(), 15)
      expect(yield* failure(() => hedge(ask, { delayMs: 10, max: 5 }, ctx))).toBe(ctx.err)
      yield* on(sleep(100))
      expect([tried, ended]).toEqual([2, 2])
    },
  )

  test(
    'a kill of the caller ends the attempts, and nothing more is started',
    bubble(function* () {
      let tried = 0
      let ended = 0
      const caller = go(function* () {
        yield* hedge(
          function* (ctx) {
            tried++
            try {
              yield* sleep(1000, ctx)
            } finally {
              ended++
            }
          },
          { delayMs: 10, max: 5 },
        )
      })
      yield* sleep(15)
      caller.kill()
      yield* sleep(100)
      expect([tried, ended]).toEqual([2, 2])
    }),
  )

  test(
    'a loser that ignores its cancel holds nobody up',
    bubble(async (t) => {
      const gate = chan<never>()
      const answer = await hedge(async (_ctx, i) => (i === 0 ? gate.receive() : i), { delayMs: 10 })
      expect([answer, t.now()]).toEqual([1, 10])
      gate.close()
    }),
  )

  test('works outside a bubble, where time is real', async () => {
    const answer = await hedge(
      async (ctx, i) => {
        if (i === 0) await never.receive(ctx)
        return i
      },
      { delayMs: 1 },
    )
    expect(answer).toBe(1)
  })

  test('wrong arguments reject', async () => {
    const refused = async (options: unknown, code: string): Promise<void> => {
      await expect(hedge(() => 1, options as never)).rejects.toMatchObject({ code })
    }
    await refused(undefined, 'ERR_INVALID_ARG_TYPE')
    await refused({}, 'ERR_INVALID_ARG_TYPE')
    await refused({ delayMs: '1' }, 'ERR_INVALID_ARG_TYPE')
    await refused({ delayMs: -1 }, 'ERR_OUT_OF_RANGE')
    await refused({ delayMs: Number.NaN }, 'ERR_OUT_OF_RANGE')
    await refused({ delayMs: 1, max: 0 }, 'ERR_OUT_OF_RANGE')
    await refused({ percentile: 100 }, 'ERR_OUT_OF_RANGE')
    await refused({ percentile: 0 }, 'ERR_OUT_OF_RANGE')
    await refused({ delayMs: 1, budget: -1 }, 'ERR_OUT_OF_RANGE')
    await refused({ delayMs: 1, budget: { ratio: 1, burst: Number.NaN } }, 'ERR_OUT_OF_RANGE')
    await refused({ delayMs: 1, isFinal: 1 }, 'ERR_INVALID_ARG_TYPE')
    await expect(hedge(1 as never, { delayMs: 1 })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  })
})

describe('a hedger', () => {
  const takes = (ms: number) => async (ctx: Context) => void (await sleep(ms, ctx))

  test(
    'knows no percentile until it has measured 20 calls',
    bubble(async (t) => {
      const hedger = new Hedger({ percentile: 95, budget: Number.POSITIVE_INFINITY })
      for (let i = 1; i <= 19; i++) await hedge(takes(i), hedger)
      expect(hedger.delayMs).toBe(undefined)
      const start = t.now()
      await hedge(takes(500), hedger)
      expect(t.now() - start).toBe(500)
      expect(hedger.delayMs).toBe(19)
      expect(hedger.stats()).toEqual({ calls: 20, hedges: 0, wins: 0, rejected: 0 })
    }),
  )

  test(
    'has a fixed delay until then, if it was given one',
    bubble(async () => {
      const hedger = new Hedger({ percentile: 50, delayMs: 7 })
      expect(hedger.delayMs).toBe(7)
      for (let i = 0; i < 20; i++) await hedge(takes(3), hedger)
      expect(hedger.delayMs).toBe(3)
    }),
  )

  test(
    'hedges the calls that are slower than the percentile of the others',
    bubble(async (t) => {
      const hedger = new Hedger({ percentile: 95 })
      for (let i = 0; i < 100; i++) await hedge(takes(10), hedger)
      const start = t.now()
      const answer = await hedge(async (ctx, i) => {
        await sleep(i === 0 ? 1000 : 4, ctx)
        return i
      }, hedger)
      expect([answer, t.now() - start]).toEqual([1, 14])
      expect(hedger.stats()).toEqual({ calls: 101, hedges: 1, wins: 1, rejected: 0 })
    }),
  )

  test(
    'takes a fraction for a percentile',
    bubble(async () => {
      const hedger = new Hedger({ percentile: 0.9 })
      for (let i = 1; i <= 20; i++) await hedge(takes(i), hedger)
      expect(hedger.delayMs).toBe(18)
    }),
  )

  test(
    'does not forget the slow attempts that were overtaken',
    bubble(async () => {
      const hedger = new Hedger({ percentile: 80, budget: Number.POSITIVE_INFINITY })
      for (let i = 0; i < 20; i++) await hedge(takes(10), hedger)
      // Every other first attempt hangs: so half of all take longer than 10, whatever their hedges took.
      for (let i = 0; i < 100; i++) {
        await hedge(async (ctx, attempt) => void (await sleep(i % 2 === 0 && attempt === 0 ? 1e6 : 10, ctx)), hedger)
      }
      expect(hedger.delayMs).toBeGreaterThan(10)
    }),
  )

  test(
    'counts neither failures nor calls that were given up early as fast answers',
    bubble(async () => {
      const hedger = new Hedger({ percentile: 50, max: 1 })
      for (let i = 0; i < 20; i++) await hedge(takes(10), hedger)
      for (let i = 0; i < 100; i++) {
        const broken = hedge(() => Promise.reject(new Error('refused')), hedger)
        await expect(broken).rejects.toThrow(AllFailedError)
        await expect(hedge(takes(10), hedger, withTimeout(background(), 1))).rejects.toThrow('deadline')
      }
      expect(hedger.delayMs).toBe(10)
    }),
  )

  test(
    'keeps further attempts to its budget when everything is slow at once',
    bubble(async () => {
      const hedger = new Hedger({ delayMs: 10, budget: 0.1 })
      let attempts = 0
      for (let i = 0; i < 1000; i++) {
        await hedge(async (ctx) => {
          attempts++
          await sleep(20, ctx)
        }, hedger)
      }
      expect(attempts).toBeLessThanOrEqual(1000 + 100 + 10)
      expect(attempts).toBeGreaterThanOrEqual(1000 + 100)
      const { hedges, rejected } = hedger.stats()
      expect(hedges + rejected).toBe(1000)
      expect(hedges).toBe(attempts - 1000)
    }),
  )

  test(
    'also those after failures',
    bubble(async () => {
      const hedger = new Hedger({ delayMs: 10, budget: { ratio: 0, burst: 3 } })
      let attempts = 0
      for (let i = 0; i < 10; i++) {
        const broken = hedge(() => {
          attempts++
          throw new Error('down')
        }, hedger)
        await expect(broken).rejects.toThrow(AllFailedError)
      }
      expect(attempts).toBe(13)
    }),
  )

  test(
    'with a budget of 0 never tries again, with an infinite one always',
    bubble(async () => {
      const attemptsWith = async (budget: number): Promise<number> => {
        const hedger = new Hedger({ delayMs: 1, budget })
        for (let i = 0; i < 50; i++) await hedge(takes(10), hedger)
        return 50 + hedger.stats().hedges
      }
      expect(await attemptsWith(0)).toBe(50)
      expect(await attemptsWith(Number.POSITIVE_INFINITY)).toBe(100)
      expect(await attemptsWith(1)).toBe(100)
    }),
  )

  test(
    'plain options have one of their own, for as long as they are used',
    bubble(async (t) => {
      const shared = { percentile: 50 } as const
      for (let i = 0; i < 20; i++) await hedge(takes(10), shared)
      const start = t.now()
      await hedge(async (ctx, i) => void (await sleep(i === 0 ? 1000 : 1, ctx)), shared)
      expect(t.now() - start).toBe(11)
    }),
  )

  test(
    'as a percentile without measurements never hedges by time',
    bubble(async (t) => {
      await hedge(takes(1000), { percentile: 50 })
      expect(t.now()).toBe(1000)
      expect(new Hedger({ percentile: 99 }).delayMs).toBe(undefined)
    }),
  )
})
