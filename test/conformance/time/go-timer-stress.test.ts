// Go's tests that press on the timers, on the real clock: they wait for timers that are due at once, and ask for no time.
import { expect } from 'vitest'
import { after, chan, gosched, select, sending, sleep, Ticker, Timer } from 'warren'
import { heapAfterGc } from '../../support/gc.ts'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

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
