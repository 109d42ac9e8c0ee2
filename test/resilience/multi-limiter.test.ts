import { describe, expect, test } from 'vitest'
import { background, go, Minute, Second, withCancel, withTimeout } from 'warren'
import { every, Limiter, multiLimiter, per, type RateLimiter } from 'warren/resilience'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../support/bubbles.ts'
import { expectKilled } from '../support/killed.ts'
import { type Body, on } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'
import { waiting } from '../support/waiting.ts'

const { POSITIVE_INFINITY: infinity } = Number
const at = (ms: number): Date => new Date(Date.UTC(2024, 0, 1) + ms)
const tokensOf = (limiters: readonly RateLimiter[]): number[] => limiters.map((limiter) => limiter.tokens())

/** The times of `count` events, in milliseconds. */
function* timesOf(limiter: RateLimiter, count: number, now: () => number): Body<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    yield* on(limiter.wait())
    times.push(now())
  }
  return times
}

describe('several limiters', () => {
  test('have the least limit, burst and tokens of theirs', () => {
    const [second, minute] = [new Limiter(per(2, Second), 2), new Limiter(per(10, Minute), 5)]
    const both = multiLimiter(second, minute)
    expect([both.limit, both.burst, both.tokensAt(at(0))]).toEqual([1 / 6, 2, 2])
    minute.allowN(at(0), 4)
    second.setLimit(0.1)
    expect([both.limit, both.tokensAt(at(0))]).toEqual([0.1, 1])
  })

  test('of which one has no limit have those of the others', () => {
    const both = multiLimiter(new Limiter(infinity, 0), new Limiter(5, 3))
    expect([both.limit, both.burst, both.tokens(), both.allow(), both.reserve().delay()]).toEqual([5, 3, 3, true, 0])
  })

  test('that are none have no limit', async () => {
    const none = multiLimiter()
    expect([none.limit, none.burst, none.tokens(), none.allow(), none.allowN(at(0), 1e6)]).toEqual([
      infinity,
      infinity,
      infinity,
      true,
      true,
    ])
    const reservation = none.reserve()
    expect([reservation.ok, reservation.delay()]).toEqual([true, 0])
    reservation.cancel()
    await none.waitN(1000)
  })

  test('must be limiters', () => {
    const error = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(() => multiLimiter(new Limiter(1, 1), {} as never)).toThrow(error)
    expect(() => multiLimiter(undefined as never)).toThrow('limiters[0] must be a Limiter or several, not undefined')
  })
})

describe('an event of several limiters', () => {
  // The book: chapter 5, Rate Limiting: two per second, ten per minute.
  inBubbles('keeps to all tiers', function* (t) {
    const tiers = multiLimiter(new Limiter(per(2, Second), 1), new Limiter(per(10, Minute), 10))
    const times = yield* timesOf(tiers, 15, t.now)
    expect(times).toEqual([
      0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 6000, 12_000, 18_000, 24_000, 30_000,
    ])
  })

  // The book: chapter 5, Rate Limiting: API, disk and network.
  inBubbles('keeps to all dimensions, which others use as well', function* (t) {
    const api = multiLimiter(new Limiter(per(2, Second), 2), new Limiter(per(10, Minute), 10))
    const disk = new Limiter(per(1, Second), 1)
    const network = new Limiter(per(3, Second), 3)
    const [reads, resolves] = [multiLimiter(api, disk), multiLimiter(api, network)]
    yield* on(reads.wait())
    yield* on(resolves.wait())
    expect(t.now()).toBe(0)
    yield* on(resolves.wait())
    expect(t.now(), 'the API is asked too often').toBe(500)
    yield* on(reads.wait())
    expect(t.now()).toBe(1000)
    yield* on(reads.wait())
    expect(t.now(), 'the disk is').toBe(2000)
  })

  test('is allowed by all or taken from none', () => {
    const limiters = [new Limiter(1, 3), new Limiter(1, 1), new Limiter(1, 2)]
    const all = multiLimiter(...limiters)
    expect([all.allow(), all.allow(), all.allowN(at(0), 2)]).toEqual([true, false, false])
    expect(tokensOf(limiters).map(Math.floor)).toEqual([2, 0, 1])
  })

  test('counts once in a limiter that comes twice', () => {
    const [a, b] = [new Limiter(1, 5), new Limiter(1, 5)]
    const nested = multiLimiter(a, multiLimiter(b, multiLimiter(a, a)), a)
    expect(nested.allowN(at(0), 3)).toBe(true)
    expect([a, b].map((limiter) => limiter.tokensAt(at(0)))).toEqual([2, 2])
  })

  test('is reserved for when the last of them lets it, or in none', () => {
    const limiters = [new Limiter(10, 2), new Limiter(1, 2), new Limiter(infinity, 0)]
    const all = multiLimiter(...limiters)
    const tokens = (): number[] => limiters.slice(0, 2).map((limiter) => limiter.tokensAt(at(0)))
    expect([0, 1].map(() => all.reserveN(at(0), 2).delayFrom(at(0)))).toEqual([0, 2000])
    expect(tokens()).toEqual([-2, -2])
    const refused = all.reserveN(at(0), 3)
    expect([refused.ok, refused.delayFrom(at(0))]).toEqual([false, infinity])
    expect(tokens()).toEqual([-2, -2])
    const never = multiLimiter(all, new Limiter(0, 0)).reserveN(at(0), 0)
    expect([never.ok, never.delayFrom(at(0))]).toEqual([true, 2000])
  })

  test('is never when one of them says never', () => {
    const zero = new Limiter(0, 1)
    const both = multiLimiter(zero, new Limiter(1, 1))
    expect([0, 1].map(() => both.reserveN(at(0), 1).delayFrom(at(0)))).toEqual([0, infinity])
  })

  test('that is cancelled in time is given back to all, also where its time was over', () => {
    const [fast, slow] = [new Limiter(10, 1), new Limiter(1, 1)]
    const both = multiLimiter(fast, slow)
    both.allowN(at(0), 1)
    const reservation = both.reserveN(at(0), 1)
    expect([0, 400, 1000].map((ms) => reservation.delayFrom(at(ms)))).toEqual([1000, 600, 0])
    expect([fast.tokensAt(at(150)), slow.tokensAt(at(150))]).toEqual([0.5, -0.85])
    reservation.cancelAt(at(150))
    expect([fast.tokensAt(at(150)), slow.tokensAt(at(150))]).toEqual([1, 0.15000000000000002])
  })

  test('that is cancelled after its time is given back to none', () => {
    const [fast, slow] = [new Limiter(10, 1), new Limiter(1, 1)]
    const both = multiLimiter(fast, slow)
    both.allowN(at(0), 1)
    both.reserveN(at(0), 1).cancelAt(at(1001))
    expect(slow.tokensAt(at(1001))).toBeCloseTo(0.001, 9)
  })

  inBubbles('that is refused is taken from none, and names the strictest', function* (t, style) {
    const limiters = [new Limiter(10, 4), new Limiter(1, 3), new Limiter(5, 2)]
    const all = multiLimiter(...limiters)
    const tooMany = waiting(style, () => all.waitN(5))
    const threeAreTooMany = waiting(style, () => all.waitN(3))
    limiters[1]!.allowN(new Date(), 3)
    const late = waiting(style, () => all.wait(withTimeout(background(), 999)))
    const ended = waiting(style, () => all.wait(AbortSignal.abort()))
    yield* on(t.wait())
    expect([tooMany, threeAreTooMany, late, ended].map(({ error }) => error)).toMatchObject([
      { message: "rate: Wait(n=5) exceeds limiter's burst 3" },
      { message: "rate: Wait(n=3) exceeds limiter's burst 2" },
      { message: 'rate: Wait(n=1) would exceed context deadline' },
      { code: 'ERR_CONTEXT_CANCELED' },
    ])
    expect(tokensOf(limiters)).toEqual([4, 0, 2])
  })

  // The book's limiter, which waits for one after the other, has then taken from the first for nothing.
  inBubbles('that is given up is given back to all', function* (t, style) {
    const timers = watchTimers()
    const limiters = [new Limiter(per(10, Second), 5), new Limiter(per(6, Minute), 1)]
    const both = multiLimiter(...limiters)
    yield* on(both.wait())
    const ctx = withCancel(background())
    const wait = waiting(style, () => both.wait(ctx))
    yield* on(t.wait())
    expect(tokensOf(limiters)).toEqual([3, -1])
    expect(timers.pending, 'one wait, one timer').toBe(1)
    ctx.cancel()
    expect(tokensOf(limiters)).toEqual([4, 0])
    yield* on(t.wait())
    expect([wait.error, timers.pending]).toEqual([ctx.err, 0])
  })

  test(
    'whose goroutine is killed is given back to all',
    bubble(async (t) => {
      const limiters = [new Limiter(100, 5), new Limiter(every(Minute), 1)]
      const both = multiLimiter(multiLimiter(limiters[0]!), limiters[1]!)
      await both.wait()
      const goroutine = go(function* () {
        yield* both.wait()
      })
      await t.wait()
      goroutine.kill()
      await expectKilled(goroutine)
      expect(tokensOf(limiters)).toEqual([4, 0])
    }),
  )

  inBubbles('waits in the order of asking', function* (t, style) {
    const [a, b] = [new Limiter(10, 1), new Limiter(4, 1)]
    const both = multiLimiter(a, b)
    yield* on(both.wait())
    const first = waiting(style, () => both.wait())
    const second = waiting(style, () => b.wait())
    const third = waiting(style, () => both.wait())
    const states = (): string => [first, second, third].map(({ state }) => state).join(' ')
    yield* pass(t, 250)
    expect(states()).toBe('done pending pending')
    yield* pass(t, 250)
    expect(states()).toBe('done done pending')
    yield* pass(t, 250)
    expect(states()).toBe('done done done')
  })

  inBubbles('that may happen at once starts no timer', function* (t) {
    const timers = watchTimers()
    const both = multiLimiter(new Limiter(1, 2), new Limiter(2, 2))
    yield* on(both.waitN(2, t.ctx))
    expect([timers.pending, both.tokens()]).toEqual([0, 0])
  })
})
