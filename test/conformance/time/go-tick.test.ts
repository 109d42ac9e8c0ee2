// Go's tests of tickers, and of the channels of timers and tickers as they are from Go 1.23 on.
import { expect, test } from 'vitest'
import { after, chan, never, type ReceiveChan, select, sleep, Ticker, Timer, tick, wait } from 'warren'
import { type Bubble, bubble } from 'warren/testing'
import { inBubbles, pass } from '../../support/bubbles.ts'
import { type Body, type Outcome, on, type Style } from '../../support/styles.ts'
import { watchTimers } from '../../support/timers.ts'
import { waiting } from '../../support/waiting.ts'

// Go: time/tick_test.go, TestTicker
inBubbles('a ticker takes as long as it says, also after a reset, and then it is over', function* (t, style) {
  const ticker = new Ticker(20)
  const start = t.now()
  const ended = waiting(style, () => wait(elapsed(t, ticker, 5, () => ticker.reset(40), 5)))
  yield* pass(t, 1000)
  expect(ended.value! - start).toBe(5 * 20 + 5 * 40)
  ticker.stop()
  yield* pass(t, 80)
  expect(ticker.c.tryReceive()).toBeUndefined()
})

async function elapsed(t: Bubble, ticker: Ticker, before: number, reset: () => void, behind: number): Promise<number> {
  for (let i = 0; i < before; i++) await ticker.c.receive()
  reset()
  for (let i = 0; i < behind; i++) await ticker.c.receive()
  return t.now()
}

// Go: time/tick_test.go, TestTeardown
inBubbles('a ticker can be stopped right after a tick', function* () {
  for (let i = 0; i < 3; i++) {
    const ticker = new Ticker(10)
    yield* on(sleep(10))
    yield* on(ticker.c.receive())
    ticker.stop()
  }
})

// Go: time/tick_test.go, TestTick
test(
  'tick of a negative interval is the nil channel',
  bubble(async () => {
    expect(tick(-1)).toBe(never)
  }),
)

// Go: time/tick_test.go, TestNewTickerLtZeroDuration
test(
  'a ticker of a negative interval panics',
  bubble(async () => {
    expect(() => new Ticker(-1)).toThrow('non-positive interval for NewTicker')
  }),
)

// Go: time/tick_test.go, TestTickerResetLtZeroDuration
test(
  'reset of a ticker to zero panics',
  bubble(async () => {
    const ticker = new Ticker(1000)
    expect(() => ticker.reset(0)).toThrow('non-positive interval for Ticker.Reset')
  }),
)

interface AnyTimer {
  readonly name: string
  readonly c: ReceiveChan<Date>
  readonly isTicker: boolean
  /** What Go's Stop returns; the ticker of Go's test tells it by a flag of its own. */
  stop(): boolean
  reset(ms: number): boolean
}

function aTimer(): AnyTimer {
  const timer = new Timer(10_000_000)
  return {
    name: 'timer',
    c: timer.c,
    isTicker: false,
    stop: () => timer.stop(),
    reset: (ms) => timer.reset(ms),
  }
}

function aTicker(): AnyTimer {
  const ticker = new Ticker(10_000_000)
  let isStopped = false
  return {
    name: 'ticker',
    c: ticker.c,
    isTicker: true,
    stop() {
      const was = !isStopped
      isStopped = true
      ticker.stop()
      return was
    },
    reset(ms) {
      const was = !isStopped
      isStopped = false
      ticker.reset(ms)
      return was
    },
  }
}

// Go: time/tick_test.go, TestChan (1.23), in its parts
for (const make of [aTimer, aTicker]) {
  const { name } = make()
  const noTick = (timer: AnyTimer): void => expect(timer.c.tryReceive(), 'no tick').toBeUndefined()
  const aTick = (timer: AnyTimer): void => expect(timer.c.tryReceive()?.ok, 'a tick').toBe(true)
  const inBoth = (title: string, body: (t: Bubble, timer: AnyTimer, style: Style) => Body): void =>
    inBubbles(`${name}: ${title}`, (t, style) => body(t, make(), style))

  inBoth('stop and reset while nobody waits', function* (t, timer) {
    timer.stop()
    noTick(timer)
    timer.reset(10_000_000)
    noTick(timer)
    timer.reset(1)
    yield* pass(t, 10)
    expect([timer.c.length, timer.c.capacity]).toEqual([0, 0])
    aTick(timer)
    yield* pass(t, 10)
    timer.reset(10_000_000)
    noTick(timer)
  })

  inBoth('reset while a goroutine is blocked on it', function* (t, timer, style) {
    const done = waiting(style, () => timer.c.receive())
    yield* pass(t, 10)
    expect(done.state).toBe('pending')
    timer.reset(20_000_000)
    yield* pass(t, 10)
    expect(done.state).toBe('pending')
    timer.reset(1)
    yield* pass(t, 1)
    expect(done.state).toBe('done')
    yield* pass(t, 1)
    if (timer.isTicker) aTick(timer)
    else noTick(timer)
    timer.stop()
    noTick(timer)
  })

  inBoth('two goroutines in a select on it', function* (t, timer, style) {
    const timers = watchTimers()
    const stop = chan<never>()
    const both = [0, 1].map(() => waiting(style, () => select({ tick: timer.c, stop })))
    const ticked = (): number => both.filter(({ value }) => value?.case === 'tick').length
    yield* pass(t, 10)
    expect(ticked()).toBe(0)
    timer.reset(5)
    yield* pass(t, 5)
    expect(ticked()).toBe(1)
    timer.stop()
    stop.close()
    yield* pass(t, 0)
    expect(both.map((each: Outcome<unknown>) => each.state)).toEqual(['done', 'done'])
    expect(ticked()).toBe(1)
    expect(timers.pending).toBe(0)
  })

  inBoth('goroutines that wait on it while it is stopped get nothing', function* (t, timer, style) {
    timer.stop()
    const stop = chan<never>()
    const both = [0, 1].map(() => waiting(style, () => select({ tick: timer.c, stop })))
    yield* pass(t, 100_000_000)
    stop.close()
    yield* pass(t, 0)
    expect(both.map(({ value }) => value?.case)).toEqual(['stop', 'stop'])
  })

  // Go: proposal 37196
  inBoth('stop and reset keep old values from being received', function* (t, timer) {
    timer.reset(1)
    yield* pass(t, 10)
    expect(timer.stop()).toBe(true)
    noTick(timer)
    timer.reset(3_600_000)
    noTick(timer)
    expect(timer.reset(1)).toBe(true)
    yield* pass(t, 1)
    aTick(timer)
    yield* pass(t, 10)
    if (timer.isTicker) aTick(timer)
    else noTick(timer)
    yield* pass(t, 10)
    expect(timer.reset(3_600_000)).toBe(timer.isTicker)
    noTick(timer)
  })
}

// Go: time/tick_test.go, TestAfterTimes and TestTickTimes (1.23)
inBubbles('a time that is received late is the time that it was due', function* (t, style) {
  const start = Date.now()
  const timers = [after(10), tick(10)]
  yield* pass(t, 500)
  for (const timer of timers) expect((yield* on(timer.receive()))!.getTime() - start).toBe(10)
  const nap = waiting(style, () => sleep(1))
  yield* pass(t, 1)
  expect(nap.state).toBe('done')
})
