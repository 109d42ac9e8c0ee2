import { expect, test } from 'vitest'
import {
  background,
  type Context,
  ContextCanceledError,
  DeadlineExceededError,
  never,
  type Operation,
  select,
  sleep,
  withCancel,
  withDeadline,
  withoutCancel,
  withTimeout,
  withValue,
} from 'warren'
import { cause, contextKey } from 'warren/context'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../support/bubbles.ts'
import { childrenOf, expectHoldsNothing } from '../support/scopes.ts'
import { generatorStyle, on } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'
import { waiting } from '../support/waiting.ts'

test(
  'the deadline is a Date, inherited by what is derived',
  bubble(async () => {
    const startTime = Date.now()
    const ctx = withTimeout(background(), 1500)
    expect(ctx.deadline).toEqual(new Date(startTime + 1500))
    expect(withCancel(withValue(ctx, contextKey('k'), 1)).deadline).toEqual(ctx.deadline)
    expect(withDeadline(background(), new Date(startTime + 20)).deadline).toEqual(new Date(startTime + 20))
    // It is the caller's to keep.
    ctx.deadline?.setTime(0)
    expect(ctx.deadline).toEqual(new Date(startTime + 1500))
  }),
)

test(
  'an earlier deadline replaces the inherited one; a later one does not, and starts no timer',
  bubble(async () => {
    const timers = watchTimers()
    const startTime = Date.now()
    const parent = withTimeout(background(), 100)
    expect(withTimeout(parent, 50).deadline).toEqual(new Date(startTime + 50))
    expect(timers.pending).toBe(2)
    const later = withTimeout(parent, 200)
    expect(later.deadline).toEqual(parent.deadline)
    expect(String(later)).toMatch(/\.WithCancel$/)
    expect(timers.pending).toBe(2)
  }),
)

test(
  'a deadline in the past ends the context at once',
  bubble(async () => {
    const timers = watchTimers()
    const startTime = Date.now()
    for (const ctx of [
      withTimeout(background(), 0),
      withTimeout(background(), -1),
      withTimeout(background(), Number.NEGATIVE_INFINITY),
      withDeadline(background(), new Date(0)),
      withDeadline(background(), new Date(startTime)),
    ]) {
      expect(ctx.err).toBeInstanceOf(DeadlineExceededError)
      expect(ctx.done.tryReceive()).toEqual({ value: undefined, ok: false })
    }
    expect(timers.pending).toBe(0)
  }),
)

test(
  'a timeout of infinity is no deadline',
  bubble(async () => {
    const timers = watchTimers()
    const ctx = withTimeout(background(), Number.POSITIVE_INFINITY)
    expect([ctx.deadline, ctx.err, timers.pending]).toEqual([undefined, undefined, 0])
    ctx.cancel()
    expect(ctx.err).toBeInstanceOf(ContextCanceledError)
  }),
)

test(
  'a timeout beyond what a Date can tell is the last Date',
  bubble(async (t) => {
    const ctx = withTimeout(background(), 1e300)
    expect(ctx.deadline).toEqual(new Date(8.64e15))
    await sleep(1e12)
    await t.wait()
    expect(ctx.err).toBeUndefined()
  }),
)

test(
  'a deadline ends all that is below it, and a cancel stops the timer',
  bubble(async (t) => {
    const timers = watchTimers()
    const parent = withTimeout(background(), 100, { cause: 'slow' })
    const child = withCancel(parent)
    const early = withTimeout(child, 50)
    expect(timers.pending).toBe(2)
    await sleep(50)
    await t.wait()
    expect([parent.err, child.err]).toEqual([undefined, undefined])
    expect(early.err).toBeInstanceOf(DeadlineExceededError)
    expect(childrenOf(child)).toEqual([])
    await sleep(50)
    await t.wait()
    expect(child.err).toBe(parent.err)
    expect(cause(child)).toBe('slow')
    expectHoldsNothing(parent)
    const canceled = withTimeout(withCancel(background()), 100)
    expect(timers.pending).toBe(1)
    canceled.cancel()
    expect(timers.pending).toBe(0)
  }),
)

test(
  'a parent that ends stops the timers of its children',
  bubble(async () => {
    const timers = watchTimers()
    const parent = withCancel(background())
    for (let i = 0; i < 10; i++) withTimeout(parent, 100 + i)
    expect(timers.pending).toBe(10)
    parent.cancel()
    expect(timers.pending).toBe(0)
  }),
)

test(
  'the cause of a deadline counts only when it is the one that ends the context',
  bubble(async (t) => {
    const parent = withTimeout(background(), 10, { cause: 'parent' })
    const child = withTimeout(parent, 50, { cause: 'child' })
    await sleep(100)
    await t.wait()
    expect(cause(child)).toBe('parent')
    expect(child.err).toBeInstanceOf(DeadlineExceededError)
  }),
)

const waits: readonly ((timed: Context, below: Context) => Operation<unknown>)[] = [
  (timed) => never.receive(timed),
  (_, below) => never.receive(below),
  (timed) => timed.done.receive(),
  (_, below) => below.done.next(),
  (_, below) => select({ done: below.done }),
]

inBubbles('a deadline keeps the program alive only while something waits under it', function* (t, style) {
  const timers = watchTimers()
  for (const start of waits) {
    const timed = withTimeout(background(), 1000)
    const below = withCancel(withValue(timed, contextKey('k'), 1))
    expect([timers.pending, timers.retained], String(start)).toEqual([1, 0])
    const goroutine = generatorStyle.go(function* () {
      yield* start(timed, below)
    })
    yield* on(t.wait())
    expect(timers.retained, String(start)).toBe(1)
    goroutine.kill()
    expect(timers.retained, String(start)).toBe(0)
    waiting(style, () => start(timed, below))
    yield* on(t.wait())
    expect(timers.retained, String(start)).toBe(1)
    timed.cancel()
    yield* on(t.wait())
    expect([timers.pending, timers.retained], String(start)).toEqual([0, 0])
  }
})

inBubbles('a wait under an inherited deadline retains the nearest timer, and lets go of it', function* (t, style) {
  const timers = watchTimers()
  const far = withTimeout(background(), 1000)
  const near = withTimeout(far, 100)
  const stop = withCancel(near)
  const waits = [
    waiting(style, () => stop.done.receive()),
    waiting(style, () => never.receive(stop)),
    waiting(style, () => sleep(5000, stop)),
  ]
  yield* on(t.wait())
  // The sleep's own timer, and the nearest deadline's; not the far one's.
  expect([timers.pending, timers.retained]).toEqual([3, 2])
  stop.cancel()
  yield* on(t.wait())
  expect(waits.map(({ state }) => state)).toEqual(['done', 'failed', 'failed'])
  expect([timers.pending, timers.retained]).toEqual([2, 0])
})

inBubbles('what waits is woken by the deadline, with its error', function* (t, style) {
  const timers = watchTimers()
  const ctx = withTimeout(background(), 100)
  const receive = waiting(style, () => never.receive(ctx))
  const nap = waiting(style, () => sleep(500, ctx))
  yield* pass(t, 99)
  expect([receive.state, nap.state]).toEqual(['pending', 'pending'])
  yield* pass(t, 1)
  expect([receive.error, nap.error]).toEqual([ctx.err, ctx.err])
  expect(timers.pending).toBe(0)
})

test('a deadline on another clock is not compared with the inherited one', async () => {
  const outside = watchTimers()
  using outer = withTimeout(background(), 3_600_000)
  await bubble(async (t) => {
    const inside = watchTimers()
    // Later than the other one, if they were on the same clock.
    const inner = withTimeout(outer, 7_200_000)
    expect([outside.pending, inside.pending]).toEqual([1, 1])
    await sleep(7_200_000)
    await t.wait()
    expect(inner.err).toBeInstanceOf(DeadlineExceededError)
    expect(outer.err).toBeUndefined()
    expect([outside.pending, inside.pending]).toEqual([1, 0])
  })()
  outer.cancel()
  expect(outside.pending).toBe(0)
})

test(
  'withoutCancel leaves the deadline behind',
  bubble(async (t) => {
    const ctx = withoutCancel(withTimeout(background(), 10))
    await sleep(100)
    await t.wait()
    expect([ctx.deadline, ctx.err, ctx.done]).toEqual([undefined, undefined, never])
    const again = withTimeout(ctx, 5)
    await sleep(5)
    await t.wait()
    expect(again.err).toBeInstanceOf(DeadlineExceededError)
  }),
)

test(
  'wrong arguments',
  bubble(async () => {
    const timers = watchTimers()
    const code = 'ERR_INVALID_ARG_TYPE'
    for (const ms of ['1', undefined, null, 1n]) {
      expect(() => withTimeout(background(), ms as never)).toThrow(expect.objectContaining({ code }))
    }
    for (const date of [1000, '2030-01-01', undefined, null]) {
      expect(() => withDeadline(background(), date as never)).toThrow(expect.objectContaining({ code }))
    }
    expect(() => withTimeout(background(), Number.NaN)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    expect(() => withDeadline(background(), new Date('no date'))).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }),
    )
    expect(timers.pending).toBe(0)
  }),
)
