import { describe, expect } from 'vitest'
import {
  background,
  type Context,
  chan,
  DeadlineExceededError,
  go,
  goexit,
  sleep,
  withCancel,
  withTimeout,
} from 'warren'
import { goroutines } from 'warren/debug'
import { circuitBreaker, constant, retry, retryAfter } from 'warren/resilience'
import { inBubbles } from '../support/bubbles.ts'
import { errorOf } from '../support/error-of.ts'
import { on } from '../support/styles.ts'

const busy = new Error('busy')

describe('a retry that is given up', () => {
  inBubbles('stops at once when its context ends, in a try or between two', function* (t) {
    for (const [ms, expected] of [
      [50, 'first'],
      [150, 'delay'],
      [250, 'second'],
    ] as const) {
      const seen: string[] = []
      const ctx = withCancel(background())
      const fn = async (scope: Context, attempt: number): Promise<void> => {
        try {
          await sleep(100, scope)
        } catch (error) {
          seen.push(attempt === 1 ? 'first' : 'second')
          throw error
        }
        throw busy
      }
      const start = t.now()
      go(function* () {
        yield* sleep(ms)
        ctx.cancel(expected)
      })
      const error = yield* errorOf(() => retry(fn, constant(100), ctx))
      expect(error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: expected })
      expect(t.now() - start).toBe(ms)
      yield* on(t.wait())
      expect(seen).toEqual(expected === 'delay' ? [] : [expected])
    }
  })

  inBubbles('takes an AbortSignal, and leaves no listener on it', function* () {
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    expect(yield* on(retry((_, attempt) => (attempt < 3 ? Promise.reject(busy) : 7), constant(1), signal))).toBe(7)
    expect(listeners).toBe(0)
    const outcome = errorOf(() => retry((ctx) => sleep(1000, ctx), constant(1), signal))
    go(() => controller.abort('enough'))
    expect(yield* outcome).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'enough' })
    expect(yield* errorOf(() => retry(() => 1, constant(1), signal))).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
  })

  inBubbles('says at once that there is no time for another try', function* (t) {
    const start = t.now()
    using ctx = withTimeout(background(), 250)
    const fn = (): never => {
      throw busy
    }
    expect(yield* errorOf(() => retry(fn, constant(100), ctx))).toBe(busy)
    expect(t.now() - start).toBe(200)
    using exact = withTimeout(background(), 100)
    expect(yield* errorOf(() => retry(fn, constant(100), exact))).toBe(busy)
    expect(t.now() - start).toBe(200)
  })

  inBubbles('does not wait for a try that would never come', function* (t) {
    const breaker = circuitBreaker()
    breaker.open()
    const patient = constant(1).delayFrom(retryAfter)
    const error = yield* errorOf(() => retry(() => breaker.run(() => 1), patient))
    expect(error).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', retryAfterMs: Number.POSITIVE_INFINITY })
    expect(t.now()).toBe(0)
  })

  inBubbles('ends with the deadline, whether a try heeds its context or not', function* (t) {
    const gate = chan<void>()
    using ctx = withTimeout(background(), 70)
    const error = yield* errorOf(() => retry(() => gate.receive(), constant(1), ctx))
    expect(error).toBeInstanceOf(DeadlineExceededError)
    expect(t.now()).toBe(70)
    gate.close()
  })

  inBubbles('tells the try that is under way when its caller is killed', function* (t) {
    const seen: unknown[] = []
    const others = goroutines().length
    const fn = async (ctx: Context): Promise<void> => {
      await sleep(1000, ctx).catch((error: unknown) => {
        seen.push(error)
        throw error
      })
    }
    for (const schedule of [constant(1), constant(10)]) {
      const caller = go(function* () {
        yield* retry(fn, schedule)
      })
      yield* on(sleep(5))
      caller.kill()
      yield* on(t.wait())
      expect(goroutines().length).toBe(others)
    }
    expect(seen).toMatchObject([{ code: 'ERR_CONTEXT_CANCELED' }, { code: 'ERR_CONTEXT_CANCELED' }])
    const between = go(function* () {
      yield* retry(() => Promise.reject(busy), constant(1000))
    })
    yield* on(sleep(5))
    between.kill()
    yield* on(t.wait())
    expect(goroutines().length).toBe(others)
  })

  inBubbles('lets a goexit in a try end the caller', function* () {
    const seen: string[] = []
    const caller = go(function* () {
      try {
        yield* retry(() => goexit(), constant(1))
        seen.push('went on')
      } finally {
        seen.push('ended')
      }
    })
    expect(yield* on(caller.join())).toBe(undefined)
    expect(seen).toEqual(['ended'])
  })
})
