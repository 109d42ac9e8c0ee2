import { describe, expect, test } from 'vitest'
import { background, go, type Operation, sleep, wait, withCancel } from 'warren'
import { useManualClock } from '../support/manual-clock.ts'
import { attempt, idle, inBothStyles, Outcome, on, styles } from '../support/styles.ts'

const clock = useManualClock()

inBothStyles('sleep ends when its time has come, and no sooner', function* (style) {
  const nap = attempt(style, function* () {
    yield* on(sleep(10))
  })
  yield* on(wait(clock().advance(9.9)))
  expect(nap.state).toBe('pending')
  yield* on(wait(clock().advance(0.1)))
  expect(nap.state).toBe('done')
  expect(clock().pending).toBe(0)
})

inBothStyles('sleepers wake in the order of their times, equal ones in the order of their calls', function* (style) {
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
  yield* on(wait(clock().advance(100)))
  expect(woken).toEqual(['a', 'b1', 'b2', 'c'])
})

inBothStyles('sleep of zero or less returns at once, and starts no timer', function* () {
  for (const ms of [0, -0, -1, Number.NEGATIVE_INFINITY]) yield* on(sleep(ms))
  expect(clock().pending).toBe(0)
})

inBothStyles('a loop of sleeps of zero lets timers and I/O have their turn', function* () {
  let turns = 0
  const immediate = setImmediate(() => {
    turns++
  })
  const giveUp = performance.now() + 10_000
  while (turns === 0 && performance.now() < giveUp) yield* on(sleep(0))
  clearImmediate(immediate)
  expect(turns).toBe(1)
})

inBothStyles('sleep for ever is a wait for a timer, not a deadlock', function* (style) {
  const nap = attempt(style, function* () {
    yield* on(sleep(Number.POSITIVE_INFINITY))
  })
  yield* on(wait(clock().advance(1e12)))
  expect(nap.state).toBe('pending')
  expect(clock().retained).toBe(1)
})

inBothStyles('a sleeper keeps the program alive, and its timer goes with the wait', function* (style) {
  const ctx = withCancel(background())
  const nap = attempt(style, function* () {
    yield* on(sleep(1000, ctx))
  })
  yield* on(idle())
  expect([clock().pending, clock().retained]).toEqual([1, 1])
  ctx.cancel()
  expect([clock().pending, clock().retained]).toEqual([0, 0])
  yield* on(idle())
  expect(nap.error).toBe(ctx.err)
})

test('killing a sleeping goroutine stops its timer', async () => {
  const sleeper = go(function* () {
    yield* sleep(1000)
  })
  await idle()
  expect(clock().pending).toBe(1)
  sleeper.kill()
  expect(clock().pending).toBe(0)
  await expect(sleeper.join()).rejects.toMatchObject({ code: 'ERR_KILLED' })
})

test('a sleep that was started is over in time, even when it is waited for later', async () => {
  const sleeper = go(function* () {
    const nap = sleep(5)
    yield* wait(clock().advance(10))
    yield* nap
    return 'awake'
  })
  await expect(sleeper.join()).resolves.toBe('awake')
})

describe('wrong arguments', () => {
  const wrong = [
    ['a string', '10', 'ERR_INVALID_ARG_TYPE'],
    ['undefined', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['a bigint', 10n, 'ERR_INVALID_ARG_TYPE'],
    ['NaN', Number.NaN, 'ERR_OUT_OF_RANGE'],
  ] as const
  for (const [name, ms, code] of wrong) {
    for (const style of styles) {
      test(`sleep of ${name} fails with ${code} (${style.name})`, async () => {
        const attempted = attempt(style, function* () {
          yield* on(sleep(ms as number))
        })
        await idle()
        expect(attempted.error).toMatchObject({ code })
      })
    }
  }

  test('sleep under something that is no context rejects, and does not throw', async () => {
    const operation: Operation<void> = sleep(1, 'ctx' as never)
    await expect(operation).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(clock().pending).toBe(0)
    const outcome = new Outcome(sleep(1, null as never))
    await idle()
    expect(outcome.state).toBe('failed')
  })
})
