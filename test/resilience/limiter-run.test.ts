import { describe, expect, test } from 'vitest'
import { go, Second, sleep, withTimeout } from 'warren'
import { bulkhead, compose, Limiter, multiLimiter, per } from 'warren/resilience'
import { bubble } from 'warren/testing'

describe('run of a limiter', () => {
  test(
    'calls functions of any style when their turn has come, and returns what they return',
    bubble(async (t) => {
      const limiter = new Limiter(per(1, Second), 1)
      const calls = [
        limiter.run(async () => t.now()),
        limiter.run(function* () {
          yield* sleep(5)
          return t.now()
        }),
        limiter.run(() => t.now()),
      ]
      expect(await Promise.all(calls)).toEqual([0, 1005, 2000])
    }),
  )

  test(
    'does not call what will not have its turn before its deadline, and takes no token for it',
    bubble(async (t) => {
      const limiter = multiLimiter(new Limiter(per(1, Second), 1))
      expect(limiter.allow()).toBe(true)
      using ctx = withTimeout(t.ctx, 500)
      let isCalled = false
      const call = limiter.run(() => {
        isCalled = true
      }, ctx)
      await expect(call).rejects.toMatchObject({ code: 'ERR_LIMIT_DEADLINE' })
      expect({ isCalled, tokens: limiter.tokens() }).toEqual({ isCalled: false, tokens: 0 })
    }),
  )

  test(
    'ends the context of the function with the caller, is a policy, and serves generator goroutines',
    bubble(async (t) => {
      const limiter = new Limiter(per(10, Second), 1)
      const guarded = compose(bulkhead({ concurrency: 2 }).run, limiter.run)
      using ctx = withTimeout(t.ctx, 50)
      const slow = go(function* () {
        return yield* guarded((own) => sleep(Second, own), ctx)
      })
      await expect(slow.join()).rejects.toMatchObject({ code: 'ERR_DEADLINE_EXCEEDED' })
      expect(t.now()).toBe(50)
      await expect(limiter.run(null as never)).rejects.toMatchObject({ code: 'ERR_GO_NIL' })
    }),
  )
})
