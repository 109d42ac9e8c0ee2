import { describe, expect, test } from 'vitest'
import { background, go, type Operation, sleep, withCancel } from 'warren'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../support/bubbles.ts'
import { attempt, Outcome, on, styles } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'

inBubbles('sleep ends when its time has come, and no sooner', function* (t, style) {
  const timers = watchTimers()
  const nap = attempt(style, function* () {
    yield* on(sleep(10))
  })
  yield* pass(t, 9.9)
  expect(nap.state).toBe('pending')
  yield* pass(t, 0.1)
  expect(nap.state).toBe('done')
  expect(timers.pending).toBe(0)
})

inBubbles('sleepers wake in the order of their times, equal ones in the order of their calls', function* (t, style) {
  const woken: string[] = []
  for (const [name, ms] of [
    ['c', 30],
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
  ] as const) {
    style.go(function* () {
      yield* on(sleep(ms))
      woken.push(name)
    })
  }
  yield* pass(t, 100)
  expect(woken).toEqual(['a', 'b1', 'b2', 'c'])
})

inBubbles('sleep of zero or less returns at once, and starts no timer', function* () {
  const timers = watchTimers()
  for (const ms of [0, -0, -1, Number.NEGATIVE_INFINITY]) yield* on(sleep(ms))
  expect(timers.pending).toBe(0)
})

inBubbles('sleep for ever is a wait for a timer, not a deadlock', function* (t, style) {
  const timers = watchTimers()
  const nap = attempt(style, function* () {
    yield* on(sleep(Number.POSITIVE_INFINITY, t.ctx))
  })
  yield* pass(t, 1e12)
  expect(nap.state).toBe('pending')
  expect(timers.retained).toBe(1)
})

inBubbles('a sleeper keeps the program alive, and its timer goes with the wait', function* (t, style) {
  const timers = watchTimers()
  const ctx = withCancel(background())
  const nap = attempt(style, function* () {
    yield* on(sleep(1000, ctx))
  })
  yield* on(t.wait())
  expect([timers.pending, timers.retained]).toEqual([1, 1])
  ctx.cancel()
  expect([timers.pending, timers.retained]).toEqual([0, 0])
  yield* on(t.wait())
  expect(nap.error).toBe(ctx.err)
})

test(
  'killing a sleeping goroutine stops its timer',
  bubble(async (t) => {
    const timers = watchTimers()
    const sleeper = go(function* () {
      yield* sleep(1000)
    })
    await t.wait()
    expect(timers.pending).toBe(1)
    sleeper.kill()
    expect(timers.pending).toBe(0)
    await expect(sleeper.join()).rejects.toMatchObject({ code: 'ERR_KILLED' })
  }),
)

test(
  'a sleep that was started is over in time, even when it is waited for later',
  bubble(async () => {
    const sleeper = go(function* () {
      const nap = sleep(5)
      yield* sleep(10)
      yield* nap
      return 'awake'
    })
    await expect(sleeper.join()).resolves.toBe('awake')
  }),
)

describe('wrong arguments', () => {
  const wrong = [
    ['a string', '10', 'ERR_INVALID_ARG_TYPE'],
    ['undefined', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['a bigint', 10n, 'ERR_INVALID_ARG_TYPE'],
    ['NaN', Number.NaN, 'ERR_OUT_OF_RANGE'],
  ] as const
  for (const [name, ms, code] of wrong) {
    for (const style of styles) {
      test(
        `sleep of ${name} fails with ${code} (${style.name})`,
        bubble(async (t) => {
          const attempted = attempt(style, function* () {
            yield* on(sleep(ms as number))
          })
          await t.wait()
          expect(attempted.error).toMatchObject({ code })
        }),
      )
    }
  }

  test(
    'sleep under something that is no context rejects, and does not throw',
    bubble(async (t) => {
      const timers = watchTimers()
      const operation: Operation<void> = sleep(1, 'ctx' as never)
      await expect(operation).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      expect(timers.pending).toBe(0)
      const outcome = new Outcome(sleep(1, null as never))
      await t.wait()
      expect(outcome.state).toBe('failed')
    }),
  )
})
