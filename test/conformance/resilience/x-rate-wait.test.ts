import { describe, expect } from 'vitest'
import { background, type Context, sleep, withCancel, withTimeout } from 'warren'
import { Limiter } from 'warren/resilience'
import type { Bubble } from 'warren/testing'
import { inBubbles, pass } from '../../support/bubbles.ts'
import { type Body, on, type Style } from '../../support/styles.ts'
import { waiting } from '../../support/waiting.ts'

/** Waits, and gives the error or nothing, and how long it took, in tenths of a second. */
function* takes(t: Bubble, limiter: Limiter, n: number, ctx?: Context): Body<[unknown, number]> {
  const start = t.now()
  let error: unknown
  try {
    yield* on(limiter.waitN(n, ctx))
  } catch (caught) {
    error = caught
  }
  return [error, (t.now() - start) / 100]
}

describe('waitN', () => {
  // Go: golang.org/x/time/rate, TestWaitSimple
  inBubbles('fails at once, succeeds at once, or waits for its tokens', function* (t) {
    const limiter = new Limiter(10, 3)
    const ended = withCancel(background())
    ended.cancel()
    expect(yield* takes(t, limiter, 1, ended)).toEqual([ended.err, 0])
    const [error, tenths] = yield* takes(t, limiter, 4)
    expect(error).toMatchObject({ code: 'ERR_LIMIT_BURST', message: "rate: Wait(n=4) exceeds limiter's burst 3" })
    expect(tenths).toBe(0)
    expect(yield* takes(t, limiter, 2)).toEqual([undefined, 0])
    expect(yield* takes(t, limiter, 3)).toEqual([undefined, 2])
  })

  // Go: golang.org/x/time/rate, TestWaitCancel
  inBubbles('gives its tokens back when its context is cancelled', function* (t, style: Style) {
    const limiter = new Limiter(10, 3)
    const ctx = withCancel(background())
    expect(yield* takes(t, limiter, 2, ctx)).toEqual([undefined, 0])
    style.go(function* () {
      yield* on(sleep(100))
      ctx.cancel()
    })
    const [error, tenths] = yield* takes(t, limiter, 3, ctx)
    expect([error, tenths]).toEqual([ctx.err, 1])
    expect(limiter.tokens()).toBe(2)
    expect(yield* takes(t, limiter, 2)).toEqual([undefined, 0])
  })

  // Go: golang.org/x/time/rate, TestWaitTimeout
  inBubbles('fails at once when its turn would come after the deadline', function* (t) {
    const limiter = new Limiter(10, 3)
    using ctx = withTimeout(background(), 100)
    expect(yield* takes(t, limiter, 2, ctx)).toEqual([undefined, 0])
    const [error, tenths] = yield* takes(t, limiter, 3, ctx)
    expect(error).toMatchObject({
      code: 'ERR_LIMIT_DEADLINE',
      message: 'rate: Wait(n=3) would exceed context deadline',
    })
    expect(tenths).toBe(0)
  })

  // Go: golang.org/x/time/rate, TestReserveMax
  inBubbles('accepts a turn that comes no later than the deadline', function* (t, style) {
    const limiter = new Limiter(10, 2)
    expect(yield* takes(t, limiter, 2, withTimeout(background(), 100))).toEqual([undefined, 0])
    const justInTime = waiting(style, () => limiter.waitN(1, withTimeout(background(), 100)))
    const tooLate = waiting(style, () => limiter.waitN(1, withTimeout(background(), 199)))
    yield* on(t.wait())
    expect([justInTime.state, tooLate.state]).toEqual(['pending', 'failed'])
    expect(tooLate.error).toMatchObject({ code: 'ERR_LIMIT_DEADLINE' })
    expect(limiter.tokens(), 'the refused one took nothing').toBe(-1)
    yield* pass(t, 100)
    expect(justInTime.state, 'both end now').not.toBe('pending')
  })

  // Go: golang.org/x/time/rate, TestWaitInf
  inBubbles('without a limit ignores the burst', function* (t) {
    expect(yield* takes(t, new Limiter(Number.POSITIVE_INFINITY, 0), 3)).toEqual([undefined, 0])
  })

  // Go: golang.org/x/time/rate, TestSetAfterZeroLimit
  inBubbles('waits for its tokens when a limit has been set after zero', function* (t) {
    const limiter = new Limiter(0, 1)
    expect([limiter.allow(), limiter.allow()]).toEqual([true, false])
    limiter.setLimit(10)
    expect(yield* takes(t, limiter, 1)).toEqual([undefined, 1])
  })
})
