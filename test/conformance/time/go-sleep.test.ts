// Go's tests of sleeping and of timers, on the real clock: lower bounds of time only, since a loaded machine has no others.
import { expect } from 'vitest'
import { after, afterFunc, chan, gosched, type ReceiveChan, select, sending, sleep, Ticker, Timer } from 'warren'
import { heapAfterGc } from '../../support/gc.ts'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

const short = 20

// Go: time/sleep_test.go, TestSleep
inBothStyles('a sleep lasts as long as it says, whatever else goes on', function* (style) {
  style.go(function* () {
    yield* on(sleep(short / 2))
  })
  const start = performance.now()
  yield* on(sleep(short))
  expect(performance.now() - start).toBeGreaterThanOrEqual(short)
})

// Go: time/sleep_test.go, TestAfterFunc
inBothStyles('a function called by afterFunc may call afterFunc', function* (style) {
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
  expect(left).toBe(-1)
})

// Go: time/sleep_test.go, TestAfterStress
inBothStyles('a ticker of the shortest interval ticks on under garbage collection', function* (style) {
  let isOver = false
  style.go(function* () {
    while (!isOver) {
      heapAfterGc()
      yield* on(sleep(1e-6))
    }
  })
  const ticker = new Ticker(1e-6)
  for (let i = 0; i < 100; i++) expect((yield* on(ticker.c.next())).done).toBe(false)
  ticker.stop()
  isOver = true
})

// Go: time/sleep_test.go, TestAfter
inBothStyles('after delivers a time that is not before its due time', function* () {
  const start = Date.now()
  const begin = performance.now()
  const end = yield* on(after(short).receive())
  expect(performance.now() - begin).toBeGreaterThanOrEqual(short)
  expect(end!.getTime()).toBeGreaterThanOrEqual(start + short)
})

// Go: time/sleep_test.go, TestAfterTick
inBothStyles('several afters in a row take the sum of their times', function* () {
  const start = performance.now()
  for (let i = 0; i < 10; i++) yield* on(after(3).receive())
  expect(performance.now() - start).toBeGreaterThanOrEqual(30)
})

// Go: time/sleep_test.go, TestAfterStop
inBothStyles('what is stopped before its time does not run after it', function* () {
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
inBothStyles('afters deliver in the order of their times, whatever the order of the calls', function* (style) {
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
inBothStyles('many timers stopped by many goroutines do not fire', function* (style) {
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

// Go: time/sleep_test.go, TestSleepZeroDeadlock
inBothStyles('sleeps of zero do not get lost beside garbage collections', function* (style) {
  const c = chan<boolean>()
  style.go(function* () {
    for (let i = 0; i < 20; i++) {
      heapAfterGc()
      yield* on(gosched())
    }
    yield* on(c.send(true))
  })
  for (let i = 0; i < 100; i++) {
    yield* on(sleep(0))
    const tmp = chan<boolean>(1)
    yield* on(tmp.send(true))
    yield* on(tmp.receive())
  }
  expect(yield* on(c.receive())).toBe(true)
})

// Go: time/sleep_test.go, TestReset
inBothStyles('reset says whether the timer was active, and sets it anew', function* () {
  const timer = new Timer(1_000_000)
  yield* on(sleep(1))
  expect(timer.reset(10)).toBe(true)
  expect(timer.c.tryReceive()).toBeUndefined()
  yield* on(timer.c.receive())
  expect(timer.reset(1)).toBe(false)
})

// Go: time/sleep_test.go, TestOverflowSleep
inBothStyles('durations beyond what any timer takes neither end early nor disturb others', function* (style) {
  const big = Number.MAX_VALUE
  let hasReturned = false
  style.go(function* () {
    yield* on(sleep(big))
    hasReturned = true
  })
  const picked = yield* on(select({ big: after(big), small: after(25) }))
  expect([picked.case, hasReturned]).toEqual(['small', false])
  yield* on(sleep(-big))
  const negative = yield* on(select({ negative: after(-big), second: after(1000) }))
  expect(negative.case).toBe('negative')
})

// Go: time/sleep_test.go, TestZeroTimer (issue 44868), and TestZeroTimerResetPanics and TestZeroTimerStopPanics, which
// have no meaning here: there is no timer without a constructor.
inBothStyles('timers of zero are not missed', function* () {
  for (let i = 0; i < 10_000; i++) {
    const timer = new Timer(0)
    yield* on(timer.c.receive())
  }
})

// Go: time/sleep_test.go, TestTimerModifiedEarlier (issue 47329)
inBothStyles('timers that are moved earlier again and again are not lost', function* () {
  for (let i = 0; i < 1000; i++) {
    const timer = new Timer(3_600_000)
    for (let j = 0; j < 10; j++) {
      if (!timer.stop()) yield* on(timer.c.receive())
      timer.reset(-Date.now())
    }
    const deadline = new Timer(10_000)
    const picked = yield* on(select({ timer: timer.c, deadline: deadline.c }))
    expect(picked.case).toBe('timer')
    deadline.stop()
  }
})

// Go: time/sleep_test.go, TestAdjustTimers (issue 47762)
function* adjustTimers(): Body {
  const seed = Date.now() % 1_000_000
  const random = randomFrom(seed)
  const timers: Timer[] = []
  const states = new Array<number>(100).fill(0)
  const indices = states.map((_, i) => i)
  while (indices.length > 0) {
    const ii = Math.floor(random() * indices.length)
    const i = indices[ii]!
    const state = states[i]!
    states[i]!++
    const timer = timers[i]!
    if (state === 0) timers[i] = new Timer(0)
    else if (state === 1) yield* on(timer.c.receive())
    else if (state === 2) expect(timer.reset(60_000), `seed ${seed}`).toBe(false)
    else if (state === 4) expect(timer.reset(180_000), `seed ${seed}`).toBe(false)
    else if (state === 6) expect(timer.reset(120_000), `seed ${seed}`).toBe(false)
    else if (state === 3 || state === 5 || state === 7) expect(timer.stop(), `seed ${seed}`).toBe(true)
    else if (state === 8) expect(timer.reset(0), `seed ${seed}`).toBe(false)
    else if (state === 9) yield* on(timer.c.receive())
    else indices.splice(ii, 1)
  }
}
inBothStyles('timers that are moved back and forth keep their times', () => adjustTimers())

function randomFrom(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

// Go: time/tick_test.go, TestLongAdjustTimers (1.23)
inBothStyles('a queue under a select with a timeout per turn keeps up beside thousands of sleepers', function* (style) {
  for (let i = 0; i < 5000; i++) {
    style.go(function* () {
      yield* on(sleep(0.01))
    })
  }
  const inQ = chan<number>()
  const outQ = chan<number>()
  style.go(function* () {
    const q: number[] = []
    for (;;) {
      const picked = yield* on(select({ out: q.length > 0 ? sending(outQ, q[0]!) : null, in: inQ }))
      if (picked.case === 'out') q.shift()
      else if (picked.ok) q.push(picked.value)
      else return
    }
  })
  let next = 0
  for (let i = 0; i < 500; i++) {
    for (let k = 0; k < 20; k++) yield* on(inQ.send(i * 20 + k))
    for (let k = 0; k < 20; k++) {
      const picked = yield* on(select({ out: outQ, timeout: after(5000) }))
      expect(picked.case).toBe('out')
      if (picked.case === 'out') expect(picked.value).toBe(next++)
    }
  }
  inQ.close()
})
