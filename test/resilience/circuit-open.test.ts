import { describe, expect, test } from 'vitest'
import { background, type ContextError, chan, never, sleep, withCancel, withTimeout } from 'warren'
import {
  type CircuitBreakerOptions,
  CircuitOpenError,
  circuitBreaker,
  exponential,
  retryAfter,
  schedule,
} from 'warren/resilience'
import { bubble } from 'warren/testing'
import { calls, fails, refused } from '../support/breaker-calls.ts'
import { inBubbles } from '../support/bubbles.ts'
import { errorOf } from '../support/error-of.ts'
import { attempt, on } from '../support/styles.ts'

describe('an open circuit breaker', () => {
  inBubbles('refuses calls, and says why and until when', function* () {
    const breaker = circuitBreaker({ name: 'prices', consecutiveFailures: 1, openMs: 100 })
    yield* calls(breaker, '-')
    yield* on(sleep(40))
    const called: string[] = []
    const error = yield* errorOf(() => breaker.run(() => void called.push('anyway')))
    expect(error).toBeInstanceOf(CircuitOpenError)
    expect(error).toMatchObject({
      code: 'ERR_CIRCUIT_OPEN',
      message: 'prices: circuit breaker is open for 60 ms',
      breaker: 'prices',
      retryAfterMs: 60,
      cause: refused,
    })
    expect(called).toEqual([])
    expect(breaker.stats().rejected).toBe(1)
    expect(breaker.status).toEqual({
      state: 'open',
      since: new Date(Date.now() - 40),
      retryAt: new Date(Date.now() + 60),
      cause: refused,
    })
  })

  inBubbles('lets a probe through when the time is over, and closes or opens again', function* () {
    const breaker = circuitBreaker({ consecutiveFailures: 2, openMs: 100 })
    expect(yield* calls(breaker, '--+')).toBe('cOx')
    yield* on(sleep(100))
    expect(yield* calls(breaker, '-+')).toBe('Ox')
    yield* on(sleep(99))
    expect(yield* calls(breaker, '+')).toBe('x')
    yield* on(sleep(1))
    expect(yield* calls(breaker, '+-+--')).toBe('ccccO')
  })

  inBubbles('lets only as many probes through as it is told, until they have ended', function* (t, style) {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 100, probes: 2 })
    yield* calls(breaker, '-')
    yield* on(sleep(100))
    const gate = chan<void>()
    const probes = [1, 2, 3].map(() => attempt(style, () => on(breaker.run(() => gate.receive()))))
    yield* on(t.wait())
    expect(probes.map(({ state }) => state)).toEqual(['pending', 'pending', 'failed'])
    expect(probes[2]!.error).toMatchObject({
      retryAfterMs: 0,
      message: 'circuit breaker is open while it is being tried',
    })
    yield* on(gate.send())
    yield* on(t.wait())
    expect(breaker.state).toBe('half-open')
    expect(yield* calls(breaker, '+')).toBe('x')
    yield* on(gate.send())
    yield* on(t.wait())
    expect(breaker.state).toBe('closed')
  })

  inBubbles('gives the place of a probe that was given up to another one', function* (t, style) {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 100 })
    yield* calls(breaker, '-')
    yield* on(sleep(100))
    const ctx = withCancel(background())
    const gate = chan<void>()
    const probe = attempt(style, () => on(breaker.run(() => gate.receive(), ctx)))
    yield* on(t.wait())
    expect(yield* calls(breaker, '+')).toBe('x')
    ctx.cancel()
    yield* on(t.wait())
    expect((probe.error as ContextError).code).toBe('ERR_CONTEXT_CANCELED')
    expect(yield* calls(breaker, '+')).toBe('c')
    gate.close()
  })

  inBubbles('does not wait for ever for a probe that is stuck', function* (t, style) {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 100 })
    yield* calls(breaker, '-')
    yield* on(sleep(100))
    const gate = chan<void>()
    const stuck = attempt(style, () =>
      on(
        breaker.run(async () => {
          await gate.receive()
          throw refused
        }),
      ),
    )
    yield* on(sleep(99))
    expect(yield* calls(breaker, '+')).toBe('x')
    yield* on(sleep(1))
    expect(yield* calls(breaker, '+')).toBe('c')
    gate.close()
    yield* on(t.wait())
    expect(stuck.error).toBe(refused)
    expect(breaker.stats()).toMatchObject({ calls: 0, failures: 0 })
  })

  inBubbles('does not count calls from before it opened', function* (t, style) {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 100 })
    const gate = chan<boolean>()
    const old = [1, 2].map(() =>
      attempt(style, () => on(breaker.run(async () => ((await gate.receive()) === true ? 1 : fails())))),
    )
    yield* on(t.wait())
    yield* calls(breaker, '-')
    yield* on(gate.send(true))
    yield* on(t.wait())
    expect(breaker.state).toBe('open')
    yield* on(sleep(100))
    expect(yield* calls(breaker, '+')).toBe('c')
    yield* on(gate.send(false))
    yield* on(t.wait())
    expect(breaker.state).toBe('closed')
    expect(old.map(({ state }) => state)).toEqual(['done', 'failed'])
  })

  inBubbles('stays open longer each time, if told so, until it has closed', function* (t) {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: exponential(100, { maxMs: 300 }) })
    const openFor = (): number => breaker.status.retryAt!.getTime() - Date.now()
    const got: number[] = []
    for (let i = 0; i < 4; i++) {
      yield* calls(breaker, '-')
      got.push(openFor())
      yield* on(sleep(openFor()))
    }
    yield* calls(breaker, '+-')
    got.push(openFor())
    expect(got).toEqual([100, 200, 300, 300, 100])
    expect(t.now()).toBe(900)
  })

  inBubbles('stays open for as long as the failure asks', function* () {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: exponential(100).delayFrom(retryAfter) })
    const error = Object.assign(new Error('too many requests'), { retryAfterMs: 5000 })
    yield* errorOf(() => breaker.run(() => Promise.reject(error)))
    expect(breaker.status.retryAt).toEqual(new Date(Date.now() + 5000))
  })

  inBubbles('throws what the schedule of its delays throws, unless there is nobody to tell', function* (t) {
    const wrong = new TypeError('no such property')
    const breaker = circuitBreaker({
      consecutiveFailures: 1,
      openMs: schedule(() => {
        throw wrong
      }),
    })
    expect(yield* errorOf(() => breaker.run(fails))).toBe(wrong)
    using ctx = withTimeout(background(), 10)
    expect(yield* errorOf(() => breaker.run((scope) => sleep(1000, scope), ctx))).toMatchObject({
      code: 'ERR_DEADLINE_EXCEEDED',
    })
    yield* on(t.wait())
    expect(breaker.state).toBe('closed')
  })

  inBubbles('counts a slow probe as one that failed', function* () {
    const breaker = circuitBreaker({ consecutiveFailures: 1, slowMs: 50, slowRate: 1, openMs: 100 })
    yield* calls(breaker, '-')
    yield* on(sleep(100))
    expect(yield* calls(breaker, '~')).toBe('O')
  })

  inBubbles('is opened and closed by hand', function* () {
    const breaker = circuitBreaker({ openMs: 100 })
    breaker.open()
    yield* on(sleep(1_000_000))
    expect(yield* calls(breaker, '+')).toBe('x')
    expect(breaker.status).toMatchObject({ state: 'open', retryAt: undefined, cause: undefined })
    breaker.close()
    expect(yield* calls(breaker, '+')).toBe('c')
    breaker.open(10)
    yield* on(sleep(10))
    expect(yield* calls(breaker, '+')).toBe('c')
  })
})

describe('the status of a circuit breaker', () => {
  inBubbles('can be followed', function* (t, style) {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 100 })
    const seen: string[] = []
    using changes = breaker.subscribe()
    const follower = style.go(function* () {
      for (let next = yield* on(changes.next()); next.done !== true; next = yield* on(changes.next())) {
        seen.push(next.value.state)
      }
    })
    yield* on(t.wait())
    yield* calls(breaker, '-')
    yield* on(sleep(100))
    yield* on(t.wait())
    const gate = chan<void>()
    const probe = attempt(style, () => on(breaker.run(() => gate.receive())))
    yield* on(t.wait())
    gate.close()
    yield* on(t.wait())
    expect(seen).toEqual(['closed', 'open', 'half-open', 'closed'])
    expect(probe.state).toBe('done')
    changes[Symbol.dispose]()
    yield* on(follower.join())
  })

  test(
    'is plain data',
    bubble(async () => {
      const breaker = circuitBreaker()
      expect(JSON.parse(JSON.stringify(breaker.status))).toEqual({ state: 'closed', since: new Date().toJSON() })
    }),
  )
})

describe('circuitBreaker', () => {
  inBubbles('goes by the clock of its callers, also when a deadline opens it', function* () {
    const breaker = circuitBreaker({ consecutiveFailures: 1, openMs: 100 })
    using ctx = withTimeout(background(), 10)
    yield* errorOf(() => breaker.run((scope) => never.receive(scope), ctx))
    expect(breaker.status).toMatchObject({ state: 'open', since: new Date(), retryAt: new Date(Date.now() + 100) })
    yield* on(sleep(100))
    expect(yield* on(breaker.run(() => 'well again'))).toBe('well again')
    expect(breaker.state).toBe('closed')
  })

  test('refuses wrong options', () => {
    const wrong: [CircuitBreakerOptions, string][] = [
      [null as never, 'ERR_INVALID_ARG_TYPE'],
      [{ consecutiveFailures: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ consecutiveFailures: '3' as never }, 'ERR_INVALID_ARG_TYPE'],
      [{ failureRate: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ failureRate: 50 }, 'ERR_OUT_OF_RANGE'],
      [{ failureRate: Number.NaN }, 'ERR_OUT_OF_RANGE'],
      [{ failureRate: '0.5' as never }, 'ERR_INVALID_ARG_TYPE'],
      [{ slowMs: 10 }, 'ERR_INVALID_ARG_TYPE'],
      [{ slowRate: 0.5 }, 'ERR_INVALID_ARG_TYPE'],
      [{ slowMs: Number.NaN, slowRate: 0.5 }, 'ERR_OUT_OF_RANGE'],
      [{ window: 100 as never }, 'ERR_INVALID_ARG_TYPE'],
      [{ window: { calls: 0 } }, 'ERR_OUT_OF_RANGE'],
      [{ window: { ms: 0 } }, 'ERR_OUT_OF_RANGE'],
      [{ window: { ms: Number.POSITIVE_INFINITY } }, 'ERR_OUT_OF_RANGE'],
      [{ window: { calls: 5 }, minimumCalls: 6 }, 'ERR_OUT_OF_RANGE'],
      [{ minimumCalls: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ openMs: Number.NaN }, 'ERR_OUT_OF_RANGE'],
      [{ openMs: '1' as never }, 'ERR_INVALID_ARG_TYPE'],
      [{ probes: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ isFailure: true as never }, 'ERR_INVALID_ARG_TYPE'],
    ]
    for (const [options, code] of wrong) {
      expect(() => circuitBreaker(options), JSON.stringify(options)).toThrow(expect.objectContaining({ code }))
    }
    expect(() => circuitBreaker({ openMs: Number.NaN })).toThrow('openMs must be')
  })
})
