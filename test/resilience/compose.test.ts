import { describe, expect, test } from 'vitest'
import { background, type Cancel, type Context, type Operation, sleep, withCancel, withValue } from 'warren'
import { contextKey } from 'warren/context'
import {
  bulkhead,
  type Callee,
  CircuitOpenError,
  circuitBreaker,
  compose,
  constant,
  type Policy,
  retry,
  timeout,
} from 'warren/resilience'
import { inBubbles } from '../support/bubbles.ts'
import { errorOf } from '../support/error-of.ts'
import { on } from '../support/styles.ts'

describe('compose', () => {
  inBubbles('puts the first around the second, and so on', function* () {
    const seen: string[] = []
    const policy =
      (name: string): Policy =>
      (fn, ctx) => {
        seen.push(name)
        return timeout(fn, 1000, ctx)
      }
    const key = contextKey<string>('user')
    const ctx = withValue(background(), key, 'me')
    const all = compose(policy('a'), policy('b'), policy('c'))
    expect(yield* on(all((scope) => scope.value(key), ctx))).toBe('me')
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(yield* on(compose()(async (scope) => scope.value(key), ctx))).toBe('me')
    expect(yield* on(compose(policy('d'))(() => 4))).toBe(4)
  })

  inBubbles("takes functions of one's own, with their types written out", function* () {
    let calls = 0
    function counted<T>(fn: Callee<T>, ctx?: Cancel): Operation<T> {
      calls++
      return timeout(fn, 1000, ctx)
    }
    expect(yield* on(compose(counted, counted)(() => 'done'))).toBe('done')
    expect(calls).toBe(2)
  })

  inBubbles('puts retries, a breaker, a bulkhead and a timeout together', function* (t) {
    const breaker = circuitBreaker({ consecutiveFailures: 2, openMs: 100 })
    const slots = bulkhead({ concurrency: 1, queue: 1 })
    let openings = 0
    const schedule = constant(50)
      .attempts(9)
      .onRetry(({ error }) => {
        if (error instanceof CircuitOpenError) openings++
      })
    const guarded = compose(
      (fn, ctx) => retry(fn, schedule, ctx),
      breaker.run,
      slots.run,
      (fn, ctx) => timeout(fn, 10, ctx),
    )
    let tries = 0
    const flaky = (ctx: Context) => sleep(++tries < 3 ? 1000 : 5, ctx).then(() => tries)
    expect(yield* on(guarded(flaky))).toBe(3)
    // 10 slow, 50, 10 slow and open, 50, refused, 50, and 5 that are quick enough.
    expect(t.now()).toBe(175)
    expect(openings).toBe(1)
    expect(slots.stats()).toEqual({ running: 0, queued: 0, rejected: 0 })
    expect(breaker.state).toBe('closed')
  })

  inBubbles('reaches the function with a cancel', function* (t) {
    const guarded = compose(circuitBreaker().run, bulkhead({ concurrency: 1 }).run, (fn, ctx) => timeout(fn, 1000, ctx))
    const ctx = withCancel(background())
    const seen: unknown[] = []
    const fn = (scope: Context) => {
      queueMicrotask(() => ctx.cancel('enough'))
      return sleep(500, scope).catch((error: unknown) => {
        seen.push(error)
        throw error
      })
    }
    const outcome = yield* errorOf(() => guarded(fn, ctx))
    yield* on(t.wait())
    expect([outcome, ...seen]).toMatchObject([
      { code: 'ERR_CONTEXT_CANCELED', cause: 'enough' },
      { code: 'ERR_CONTEXT_CANCELED', cause: 'enough' },
    ])
    expect(t.now()).toBe(0)
  })

  test('refuses what is no policy, and policies refuse what is no function', async () => {
    expect(() => compose(circuitBreaker() as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    const guarded = compose(circuitBreaker().run, bulkhead({ concurrency: 1 }).run)
    await expect(guarded(null as never)).rejects.toMatchObject({ code: 'ERR_GO_NIL' })
    await expect(guarded(() => 1, 7 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  })
})
