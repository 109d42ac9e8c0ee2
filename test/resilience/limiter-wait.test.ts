import { describe, expect, test } from 'vitest'
import { background, fromSignal, type Goroutine, go, sleep, withCancel, withTimeout } from 'warren'
import { LimitError, Limiter, multiLimiter, type RateLimiter } from 'warren/resilience'
import { bubble } from 'warren/testing'
import { inBubbles, inBubblesOfEveryPair, pass } from '../support/bubbles.ts'
import { Canary } from '../support/gc.ts'
import { expectKilled } from '../support/killed.ts'
import { type Body, on, type Style } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'
import { waiting } from '../support/waiting.ts'

/** A limiter whose tokens have been taken. */
function drained(limit: number, burst: number): Limiter {
  const limiter = new Limiter(limit, burst)
  limiter.allowN(new Date(), burst)
  return limiter
}

describe('wait', () => {
  inBubbles('returns at once while there are tokens, and starts no timer', function* (t) {
    const timers = watchTimers()
    const limiter = new Limiter(1, 3)
    using ctx = withCancel(background())
    yield* on(limiter.wait())
    yield* on(limiter.wait(ctx))
    yield* on(limiter.waitN(1, ctx.signal))
    yield* on(limiter.waitN(0))
    expect([t.now(), limiter.tokens(), timers.pending]).toEqual([0, 0, 0])
  })

  test('that returns at once returns what every such operation does', async () => {
    const limiter = new Limiter(1, 3)
    expect(limiter.wait()).toBe(limiter.wait())
    const goroutine = go(function* () {
      return limiter.wait() === sleep(0)
    })
    await expect(goroutine.join()).resolves.toBe(true)
  })

  inBubblesOfEveryPair('serves in the order of asking, each in its time', function* (t, one, other) {
    const limiter = drained(10, 3)
    const served: [string, number][] = []
    for (const [name, n] of [
      ['a', 1],
      ['b', 3],
      ['c', 0],
      ['d', 1],
    ] as const) {
      ;(served.length % 2 === 0 ? one : other).go(function* (): Body {
        yield* on(limiter.waitN(n))
        served.push([name, t.now()])
      })
    }
    yield* pass(t, 1000)
    expect(served).toEqual([
      ['a', 100],
      ['b', 400],
      ['c', 400],
      ['d', 500],
    ])
  })

  inBubbles('keeps to a rate of thirds, without a drift', function* (t) {
    const limiter = new Limiter(3, 1)
    const times: number[] = []
    for (let i = 0; i < 301; i++) {
      yield* on(limiter.wait())
      times.push(t.now())
    }
    for (const [i, time] of times.entries()) expect(time / 1000).toBeCloseTo(i / 3, 5)
  })

  inBubbles('uses what has come while nobody asked', function* (t) {
    const limiter = drained(10, 2)
    yield* on(sleep(150))
    yield* on(limiter.wait())
    expect(t.now()).toBe(150)
    yield* on(limiter.wait())
    expect(t.now()).toBe(200)
  })

  inBubbles('keeps its time when limit and burst are changed meanwhile', function* (t, style) {
    const limiter = drained(10, 2)
    const wait = waiting(style, () => limiter.waitN(2))
    yield* on(t.wait())
    limiter.setLimit(1000)
    limiter.setBurst(1)
    yield* pass(t, 199)
    expect(wait.state).toBe('pending')
    yield* pass(t, 1)
    expect(wait.state).toBe('done')
  })

  inBubbles('without a limit never waits', function* (t) {
    const limiter = new Limiter(Number.POSITIVE_INFINITY, 0)
    for (let i = 0; i < 1000; i++) yield* on(limiter.waitN(1000, t.ctx))
    expect(t.now()).toBe(0)
  })

  inBubbles('with a limit of zero waits for its context', function* (t, style) {
    const limiter = new Limiter(0, 1)
    const ctx = withCancel(background())
    yield* on(limiter.wait(ctx))
    const wait = waiting(style, () => limiter.wait(ctx))
    yield* pass(t, 1e12)
    expect([wait.state, limiter.tokens()]).toEqual(['pending', -1])
    ctx.cancel()
    yield* on(t.wait())
    expect([wait.error, limiter.tokens()]).toEqual([ctx.err, 0])
  })

  test(
    'that was called before it is waited for is over in time',
    bubble(async (t) => {
      const limiter = drained(10, 1)
      const goroutine = go(function* () {
        const wait = limiter.wait()
        yield* sleep(150)
        yield* wait
        return t.now()
      })
      await expect(goroutine.join()).resolves.toBe(150)
    }),
  )

  inBubbles('of five thousand are all over in time, each with one timer', function* (t, style) {
    const timers = watchTimers()
    const limiter = drained(1000, 1)
    let late = 0
    for (let i = 1; i <= 5000; i++) {
      style.go(function* (): Body {
        yield* on(limiter.wait())
        late = Math.max(late, Math.abs(t.now() - i))
      })
    }
    yield* on(t.wait())
    expect([timers.pending, limiter.tokens()]).toEqual([5000, -5000])
    yield* pass(t, 5000)
    expect(late).toBeLessThan(1e-5)
    expect([timers.pending, limiter.tokens()]).toEqual([0, 0])
  })
})

describe('a wait that is refused takes nothing:', () => {
  const cases: [string, (limiter: RateLimiter, style: Style) => Promise<unknown>, object][] = [
    [
      'more than the burst',
      (limiter) => limiter.waitN(4),
      { name: 'LimitError', code: 'ERR_LIMIT_BURST', message: "rate: Wait(n=4) exceeds limiter's burst 3", n: 4 },
    ],
    [
      'more than the burst, though the context has ended',
      (limiter) => limiter.waitN(4, AbortSignal.abort()),
      { code: 'ERR_LIMIT_BURST' },
    ],
    [
      'a turn after the deadline',
      (limiter) => limiter.waitN(3, withTimeout(background(), 299)),
      {
        name: 'LimitError',
        code: 'ERR_LIMIT_DEADLINE',
        message: 'rate: Wait(n=3) would exceed context deadline',
        n: 3,
      },
    ],
    [
      'a turn after a deadline further up',
      (limiter) => limiter.waitN(3, withCancel(withTimeout(background(), 299))),
      { code: 'ERR_LIMIT_DEADLINE' },
    ],
    [
      'a context that was cancelled',
      (limiter) => {
        const ctx = withCancel(background())
        ctx.cancel('enough')
        return limiter.wait(ctx)
      },
      { code: 'ERR_CONTEXT_CANCELED', cause: 'enough' },
    ],
    [
      'a context whose deadline has passed',
      (limiter) => limiter.wait(withTimeout(background(), 0)),
      { code: 'ERR_DEADLINE_EXCEEDED' },
    ],
    ['an aborted signal', (limiter) => limiter.wait(AbortSignal.abort('gone')), { cause: 'gone' }],
    ['a fraction', (limiter) => limiter.waitN(0.5), { code: 'ERR_OUT_OF_RANGE' }],
    ['less than nothing', (limiter) => limiter.waitN(-1), { code: 'ERR_OUT_OF_RANGE' }],
    ['no number', (limiter) => limiter.waitN('1' as never), { code: 'ERR_INVALID_ARG_TYPE' }],
    ['no context', (limiter) => limiter.wait({} as never), { code: 'ERR_INVALID_ARG_TYPE' }],
  ]
  for (const [name, wait, error] of cases) {
    inBubbles(name, function* (t, style) {
      const timers = watchTimers()
      const limiter = drained(10, 3)
      const outcome = waiting(style, () => wait(limiter, style) as never)
      yield* on(t.wait())
      expect(outcome.error).toMatchObject(error)
      expect(limiter.tokens()).toBe(0)
      expect(timers.retained).toBe(0)
    })
  }

  test('what it throws is a LimitError', async () => {
    await expect(new Limiter(1, 0).wait()).rejects.toBeInstanceOf(LimitError)
  })
})

describe('a wait that is given up', () => {
  inBubbles('gives its token back, and its timer is gone', function* (t, style) {
    const timers = watchTimers()
    const limiter = drained(10, 5)
    const ctx = withCancel(background())
    const wait = waiting(style, () => limiter.waitN(5, ctx))
    yield* pass(t, 100)
    expect([limiter.tokens(), timers.pending, timers.retained]).toEqual([-4, 1, 1])
    ctx.cancel()
    expect([limiter.tokens(), timers.pending]).toEqual([1, 0])
    yield* on(t.wait())
    expect(wait.error).toBe(ctx.err)
  })

  inBubbles('gives back what nobody behind it counts on, whatever ended it', function* (t, style) {
    const limiter = drained(10, 5)
    const controller = new AbortController()
    const first = waiting(style, () => limiter.waitN(3, controller.signal))
    const second = waiting(style, () => limiter.waitN(1))
    yield* on(t.wait())
    controller.abort('gone')
    expect(limiter.tokens(), 'two of three').toBe(-2)
    yield* pass(t, 400)
    expect(first.error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'gone' })
    expect([second.state, t.now()]).toEqual(['done', 400])
  })

  inBubbles('by a context of which nobody knew the deadline gives its token back', function* (t, style) {
    const limiter = drained(10, 1)
    const wait = waiting(style, () => limiter.wait(fromSignal(AbortSignal.timeout(50))))
    yield* pass(t, 50)
    expect(wait.state).toBe('failed')
    expect(limiter.tokens()).toBe(0.5)
  })

  for (const limit of [10, 30, 7, 1 / 3, 1e6]) {
    inBubbles(`with all others at once leaves nothing behind, at ${limit} per second`, function* (t, style) {
      const limiters = [drained(limit, 3), drained(2 * limit, 3)]
      const ctx = withCancel(background())
      const waits = Array.from({ length: 1000 }, (_, i) => {
        const child = withCancel(ctx)
        return waiting(style, () => multiLimiter(...limiters).waitN(i % 4, child))
      })
      yield* on(t.wait())
      expect(limiters.map((limiter) => limiter.tokens())).toEqual([-1500, -1500])
      ctx.cancel()
      for (const limiter of limiters) expect(limiter.tokens()).toBeCloseTo(0, 2)
      yield* on(t.wait())
      expect(waits.filter(({ error }) => error === ctx.err).length).toBe(999)
    })
  }

  inBubbles('gives nothing back that somebody behind counts on, who goes on or goes later', function* (t, style) {
    const limiter = drained(10, 1)
    const contexts = Array.from({ length: 4 }, () => withCancel(background()))
    const waits = contexts.map((ctx) => waiting(style, () => limiter.wait(ctx)))
    yield* on(t.wait())
    contexts[0]!.cancel()
    contexts[1]!.cancel()
    expect(limiter.tokens()).toBe(-4)
    contexts[3]!.cancel()
    expect(limiter.tokens()).toBe(-3)
    contexts[2]!.cancel()
    expect(limiter.tokens()).toBe(-2)
    yield* on(t.wait())
    expect(waits.every(({ state }) => state === 'failed')).toBe(true)
  })

  test(
    'by a kill gives its token back',
    bubble(async (t) => {
      const timers = watchTimers()
      const limiter = drained(10, 5)
      const cleanedUp: number[] = []
      const goroutine = go(function* () {
        try {
          yield* limiter.waitN(5)
        } finally {
          cleanedUp.push(limiter.tokens())
        }
      })
      await t.wait()
      expect([limiter.tokens(), timers.pending]).toEqual([-5, 1])
      goroutine.kill('enough')
      expect([limiter.tokens(), timers.pending]).toEqual([0, 0])
      await expectKilled(goroutine, 'enough')
      expect(cleanedUp).toEqual([0])
    }),
  )

  test(
    'of a goroutine that was killed while it ran has not begun',
    bubble(async () => {
      const limiter = new Limiter(10, 5)
      const goroutine: Goroutine = go(function* () {
        goroutine.kill()
        yield* limiter.wait()
      })
      await expectKilled(goroutine)
      expect(limiter.tokens()).toBe(5)
    }),
  )

  inBubbles('when its turn has come takes what it has, and does not fail', function* (t, style) {
    const limiter = drained(10, 1)
    const ctx = withCancel(background())
    const wait = waiting(style, () => limiter.wait(ctx))
    yield* pass(t, 100)
    ctx.cancel()
    yield* on(t.wait())
    expect([wait.state, limiter.tokens()]).toEqual(['done', 0])
  })
})

describe('a limiter holds nobody', () => {
  test('who has been through it, or has given up', async () => {
    const canary = new Canary()
    const limiter = new Limiter(10, 1)
    await bubble(async (t) => {
      const ctx = withCancel(background())
      for (let i = 0; i < 5; i++) {
        const wait = function* (held: object): Body<object> {
          yield* limiter.wait(i % 2 === 0 ? ctx : undefined)
          return held
        }
        go(wait, canary.hatch())
        const killed = go(wait, canary.hatch())
        await t.wait()
        killed.kill()
      }
      await sleep(1000)
    })()
    expect(await canary.collected(10)).toBe(10)
    expect(limiter.limit).toBe(10)
  })
})
