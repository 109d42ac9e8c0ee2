import { describe, expect } from 'vitest'
import { background, type Context, chan, go, goexit, sleep, withCancel, withTimeout } from 'warren'
import { circuitBreaker } from 'warren/resilience'
import { calls, fails, refused } from '../support/breaker-calls.ts'
import { inBubbles } from '../support/bubbles.ts'
import { errorOf } from '../support/error-of.ts'
import { attempt, on } from '../support/styles.ts'

describe('a closed circuit breaker', () => {
  inBubbles('gives what the function gives, whatever its form', function* () {
    const breaker = circuitBreaker()
    expect(yield* on(breaker.run(() => 1))).toBe(1)
    expect(yield* on(breaker.run(async () => 2))).toBe(2)
    expect(
      yield* on(
        breaker.run(function* () {
          yield* sleep(1)
          return 3
        }),
      ),
    ).toBe(3)
    expect(yield* errorOf(() => breaker.run(fails))).toBe(refused)
    expect(breaker.stats()).toEqual({ calls: 4, failures: 1, slow: 0, consecutiveFailures: 1, rejected: 0 })
  })

  inBubbles('opens after failures in a row', function* () {
    expect(yield* calls(circuitBreaker({ consecutiveFailures: 3 }), '--+---+-')).toBe('cccccOxx')
    expect(yield* calls(circuitBreaker(), '----+-----+')).toBe('cccccccccOx')
  })

  inBubbles('opens when too large a share of the last calls has failed', function* () {
    const options = { failureRate: 0.5, window: { calls: 4 }, minimumCalls: 3 }
    expect(yield* calls(circuitBreaker(options), '--')).toBe('cc')
    expect(yield* calls(circuitBreaker(options), '--+')).toBe('ccO')
    expect(yield* calls(circuitBreaker(options), '-+++-+++--')).toBe('cccccccccO')
    expect(yield* calls(circuitBreaker({ failureRate: 0.5 }), '-+-+-+-+-')).toBe('ccccccccc')
    expect(yield* calls(circuitBreaker({ failureRate: 0.5 }), '-+-+-+-+-+')).toBe('cccccccccO')
    expect(yield* calls(circuitBreaker({ failureRate: 1, window: { calls: 2 } }), '-+-+--')).toBe('cccccO')
  })

  inBubbles('opens when too large a share of the calls of some time has failed', function* () {
    const breaker = circuitBreaker({ failureRate: 0.5, window: { ms: 1000 }, minimumCalls: 2 })
    yield* calls(breaker, '-')
    yield* on(sleep(1000))
    expect(yield* calls(breaker, '+++-')).toBe('cccc')
    expect(breaker.stats()).toMatchObject({ calls: 4, failures: 1 })
    yield* on(sleep(500))
    yield* calls(breaker, '-')
    yield* on(sleep(499))
    expect(breaker.stats()).toMatchObject({ calls: 5, failures: 2 })
    yield* on(sleep(101))
    expect(breaker.stats()).toMatchObject({ calls: 1, failures: 1 })
    expect(yield* calls(breaker, '-')).toBe('O')
  })

  inBubbles('opens when too large a share of the calls is slow', function* () {
    const options = { slowMs: 50, slowRate: 0.5, minimumCalls: 4 }
    expect(yield* calls(circuitBreaker(options), '~++~')).toBe('cccO')
    expect(yield* calls(circuitBreaker({ ...options, slowMs: 100 }), '~~~~')).toBe('cccc')
  })

  inBubbles('asks which errors are failures; the others are answers', function* () {
    const breaker = circuitBreaker({ consecutiveFailures: 2, isFailure: (error) => error === refused })
    yield* calls(breaker, '-')
    expect(yield* errorOf(() => breaker.run(() => Promise.reject(new Error('not found'))))).toBeInstanceOf(Error)
    expect(yield* calls(breaker, '--')).toBe('cO')
  })

  inBubbles('throws what isFailure throws, and does not hang on it', function* () {
    const wrong = new TypeError('no such property')
    const breaker = circuitBreaker({
      consecutiveFailures: 1,
      openMs: 10,
      isFailure: (error) => {
        if (error !== refused) throw wrong
        return true
      },
    })
    const fn = () => Promise.reject(new Error('other'))
    expect(yield* errorOf(() => breaker.run(fn))).toBe(wrong)
    yield* calls(breaker, '-')
    yield* on(sleep(10))
    expect(yield* errorOf(() => breaker.run(fn))).toBe(wrong)
    expect(yield* calls(breaker, '+')).toBe('c')
  })

  inBubbles('does not count a call that was cancelled, and counts one whose deadline passed', function* (t, style) {
    const breaker = circuitBreaker({ consecutiveFailures: 1 })
    for (const heeds of [true, false]) {
      const gate = chan<void>()
      const fn = (ctx: Context) => (heeds ? gate.receive(ctx) : gate.receive())
      const ctx = withCancel(background())
      const outcome = attempt(style, () => on(breaker.run(fn, ctx)))
      yield* on(t.wait())
      ctx.cancel()
      yield* on(t.wait())
      expect(outcome.error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
      expect(breaker.stats()).toMatchObject({ calls: 0, failures: 0 })
      using late = withTimeout(background(), 10)
      expect(yield* errorOf(() => breaker.run(fn, late))).toMatchObject({ code: 'ERR_DEADLINE_EXCEEDED' })
      expect(breaker.state).toBe('open')
      gate.close()
      yield* on(t.wait())
      breaker.close()
    }
  })

  inBubbles('counts neither aborts that come out of the function nor a goexit', function* () {
    const breaker = circuitBreaker({ consecutiveFailures: 1 })
    const abort = new DOMException('This operation was aborted', 'AbortError')
    expect(yield* errorOf(() => breaker.run(() => Promise.reject(abort)))).toBe(abort)
    yield* on(go(() => breaker.run(() => goexit())).join())
    expect(breaker.stats()).toMatchObject({ calls: 0 })
    const late = new DOMException('The operation timed out', 'TimeoutError')
    expect(yield* errorOf(() => breaker.run(() => Promise.reject(late)))).toBe(late)
    expect(breaker.state).toBe('open')
  })
})
