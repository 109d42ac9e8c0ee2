// Go's tests of sleeping and of timers, in bubbles: times are exact. Those that press on the real clock are in
// go-timer-stress.test.ts.
import { expect } from 'vitest'
import { after, afterFunc, chan, type ReceiveChan, select, sleep, Timer } from 'warren'
import { inBubbles, pass } from '../../support/bubbles.ts'
import { type Body, on } from '../../support/styles.ts'

const short = 20

// Go: time/sleep_test.go, TestSleep
inBubbles('a sleep lasts as long as it says, whatever else goes on', function* (t, style) {
  style.go(function* () {
    yield* on(sleep(short / 2))
  })
  yield* on(sleep(short))
  expect(t.now()).toBe(short)
})

// Go: time/sleep_test.go, TestAfterFunc
inBubbles('a function called by afterFunc may call afterFunc', function* (t, style) {
  const done = chan<boolean>()
  let left = 10
  function* again(): Body {
    left--
    if (left >= 0) {
      afterFunc(0, () => void style.go(again))
      yield* on(sleep(1))
    } else {
      yield* on(done.send(true))
    }
  }
  afterFunc(0, () => void style.go(again))
  yield* on(done.receive())
  yield* pass(t, 1)
  expect(left).toBe(-1)
})

// Go: time/sleep_test.go, TestAfter
inBubbles('after delivers a time that is not before its due time', function* (t) {
  const start = Date.now()
  const end = yield* on(after(short).receive())
  expect(t.now()).toBe(short)
  expect(end!.getTime()).toBe(start + short)
})

// Go: time/sleep_test.go, TestAfterTick
inBubbles('several afters in a row take the sum of their times', function* (t) {
  for (let i = 0; i < 10; i++) yield* on(after(3).receive())
  expect(t.now()).toBe(30)
})

// Go: time/sleep_test.go, TestAfterStop
inBubbles('what is stopped before its time does not run after it', function* () {
  afterFunc(5, () => {})
  const t0 = new Timer(1_000_000)
  const c1 = chan<boolean>(1)
  const t1 = afterFunc(1_000_000, () => void c1.trySend(true))
  expect(t0.stop()).toBe(true)
  expect(t1.stop()).toBe(true)
  t0.reset(1)
  t0.stop()
  yield* on(after(10).receive())
  expect(t0.c.tryReceive()).toBeUndefined()
  expect(c1.tryReceive()).toBeUndefined()
  expect(t1.stop()).toBe(false)
})

// Go: time/sleep_test.go, TestAfterQueuing
inBubbles('afters deliver in the order of their times, whatever the order of the calls', function* (_, style) {
  const slots = [5, 3, 6, 6, 6, 1, 1, 2, 7, 9, 4, 8, 0]
  const delta = 4
  const result = chan<number>(slots.length)
  function* deliver(slot: number, timer: ReceiveChan<Date>): Body {
    yield* on(timer.receive())
    yield* on(result.send(slot))
  }
  for (const slot of slots) style.go(deliver, slot, after(slot * delta))
  const order: (number | undefined)[] = []
  for (const _ of slots) order.push(yield* on(result.receive()))
  expect(order).toEqual([...slots].sort((a, b) => a - b))
})

// Go: time/sleep_test.go, TestTimerStopStress
inBubbles('many timers stopped by many goroutines do not fire', function* (_, style) {
  let fired = 0
  const done = chan<void>()
  for (let i = 0; i < 100; i++) {
    style.go(function* () {
      const timer = afterFunc(2_000_000, () => void fired++)
      yield* on(sleep(10))
      timer.stop()
      yield* on(done.send())
    })
  }
  for (let i = 0; i < 100; i++) yield* on(done.receive())
  expect(fired).toBe(0)
})

// Go: time/sleep_test.go, TestReset
inBubbles('reset says whether the timer was active, and sets it anew', function* () {
  const timer = new Timer(1_000_000)
  yield* on(sleep(1))
  expect(timer.reset(10)).toBe(true)
  expect(timer.c.tryReceive()).toBeUndefined()
  yield* on(timer.c.receive())
  expect(timer.reset(1)).toBe(false)
})

// Go: time/sleep_test.go, TestOverflowSleep
inBubbles('durations beyond what any timer takes neither end early nor disturb others', function* (t, style) {
  const big = Number.MAX_VALUE
  let hasReturned = false
  style.go(function* () {
    yield* on(sleep(big, t.ctx))
    hasReturned = true
  })
  const picked = yield* on(select({ big: after(big), small: after(25) }))
  expect([picked.case, hasReturned]).toEqual(['small', false])
  yield* on(sleep(-big))
  const negative = yield* on(select({ negative: after(-big), second: after(1000) }))
  expect(negative.case).toBe('negative')
})
