// Timers on a clock that comes too late, as the real one does in a busy thread. That of a bubble never does.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { afterFunc, Ticker, Timer } from 'warren'
import { RealClock } from '../../src/runtime/clock.ts'
import type { Host } from '../../src/runtime/host.ts'
import { scheduler } from '../../src/runtime/runtime.ts'
import { FakeHost } from '../support/fake-host.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

const real = scheduler.clock
let host: FakeHost

class LateClock extends RealClock {
  override wallTime(): number {
    return host.time
  }
}

beforeEach(() => {
  host = new FakeHost()
  scheduler.clock = new LateClock(host as unknown as Host)
})

afterEach(() => {
  scheduler.clock = real
})

/** Nothing fires before `time`; then at once all that is due. */
function jumpTo(time: number): void {
  host.time = time
  host.moveTo(time)
}

inBothStyles('ticks that come late do not shift the ones after them', function* (style) {
  const ticker = new Ticker(10)
  const seen: number[] = []
  style.go(function* () {
    for (let i = 0; i < 3; i++) seen.push((yield* on(ticker.c.receive()))!.getTime())
  })
  for (const time of [13, 20, 45]) {
    yield* on(idle())
    jumpTo(time)
  }
  yield* on(idle())
  expect(seen).toEqual([10, 20, 30])
  ticker.stop()
})

inBothStyles('what is received is when the timer was due, however late it fires', function* (style) {
  const timer = new Timer(10)
  const received = waiting(style, () => timer.c.receive())
  yield* on(idle())
  jumpTo(500)
  yield* on(idle())
  expect(received.value).toEqual(new Date(10))
})

test('thousands of timers that are due at once fire in the order of their times', async () => {
  const times = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 1009)
  const fired: number[] = []
  for (const ms of times) afterFunc(ms, () => void fired.push(ms))
  jumpTo(1100)
  while (fired.length < times.length) await idle()
  expect(fired).toEqual([...times].sort((a, b) => a - b))
})
