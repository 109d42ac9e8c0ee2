import { expect, test } from 'vitest'
import { never, select, Ticker, tick, wait } from 'warren'
import { startTime, useManualClock } from '../support/manual-clock.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

const clock = useManualClock()

inBothStyles('a ticker delivers the time at every interval', function* (style) {
  const ticker = new Ticker(10)
  const seen: number[] = []
  style.go(function* () {
    for (let i = 0; i < 4; i++) seen.push((yield* on(ticker.c.receive()))!.getTime() - startTime)
  })
  yield* on(wait(clock().advance(35)))
  expect(seen).toEqual([10, 20, 30])
  yield* on(wait(clock().advance(100)))
  expect(seen).toEqual([10, 20, 30, 40])
  expect(clock().pending).toBe(0)
})

test('ticks that nobody received in time are dropped, and the phase is kept', async () => {
  const ticker = new Ticker(10)
  clock().skip(37)
  // The first that was missed, as from Go's buffer of one; the next one comes at 40.
  expect((await ticker.c.receive())!.getTime() - startTime).toBe(10)
  expect(ticker.c.tryReceive()).toBeUndefined()
  clock().skip(2)
  expect(ticker.c.tryReceive()).toBeUndefined()
  clock().skip(1)
  expect(ticker.c.tryReceive()?.value?.getTime()).toBe(startTime + 40)
})

inBothStyles('a clock that comes too late does not shift the ticks after it', function* (style) {
  const ticker = new Ticker(10)
  const seen: number[] = []
  style.go(function* () {
    for (let i = 0; i < 3; i++) seen.push((yield* on(ticker.c.receive()))!.getTime() - startTime)
  })
  yield* on(idle())
  clock().skip(13)
  clock().fireDue()
  yield* on(idle())
  clock().skip(7)
  clock().fireDue()
  yield* on(idle())
  clock().skip(25)
  clock().fireDue()
  yield* on(idle())
  expect(seen).toEqual([10, 20, 30])
  ticker.stop()
})

inBothStyles('each tick goes to one receiver, in the order in which they came', function* (style) {
  const ticker = new Ticker(10)
  const seen: string[] = []
  for (const name of ['a', 'b']) {
    style.go(function* () {
      for (;;) {
        yield* on(ticker.c.receive())
        seen.push(name)
      }
    })
  }
  yield* on(wait(clock().advance(40)))
  expect(seen).toEqual(['a', 'b', 'a', 'b'])
})

test('stop ends the ticks and does not close the channel; nothing stale is left', async () => {
  const ticker = new Ticker(10)
  clock().skip(50)
  ticker.stop()
  expect(ticker.c.tryReceive()).toBeUndefined()
  clock().skip(50)
  expect(ticker.c.tryReceive()).toBeUndefined()
  ticker.stop()
})

inBothStyles('stopping a ticker that is waited for takes it out of the clock', function* (style) {
  const ticker = new Ticker(10)
  const received = waiting(style, () => ticker.c.receive())
  yield* on(idle())
  expect(clock().pending).toBe(1)
  ticker.stop()
  expect(clock().pending).toBe(0)
  yield* on(wait(clock().advance(100)))
  expect(received.state).toBe('pending')
})

inBothStyles('reset changes the interval, and the next tick comes after it', function* (style) {
  const ticker = new Ticker(1000)
  const seen: number[] = []
  style.go(function* () {
    for (let i = 0; i < 3; i++) seen.push((yield* on(ticker.c.receive()))!.getTime() - startTime)
  })
  yield* on(idle())
  clock().skip(5)
  ticker.reset(10)
  yield* on(wait(clock().advance(100)))
  expect(seen).toEqual([15, 25, 35])
})

test('a ticker that was stopped can be reset', () => {
  const ticker = new Ticker(10)
  ticker.stop()
  ticker.reset(20)
  clock().skip(20)
  expect(ticker.c.tryReceive()?.ok).toBe(true)
})

inBothStyles('a ticker is a case of a select', function* (style) {
  using ticker = new Ticker(10)
  const picked = waiting(style, () => select({ tick: ticker.c, nothing: null }))
  yield* on(wait(clock().advance(10)))
  expect(picked.value).toMatchObject({ case: 'tick', ok: true })
})

inBothStyles('for await over a ticker sees one tick after the other', function* (style) {
  const ticker = new Ticker(10)
  let count = 0
  style.go(function* () {
    yield* on(
      wait(
        (async () => {
          for await (const _ of ticker.c) count++
        })(),
      ),
    )
  })
  yield* on(wait(clock().advance(35)))
  expect(count).toBe(3)
})

test('an interval must be positive', () => {
  for (const ms of [0, -1, Number.NEGATIVE_INFINITY]) {
    expect(() => new Ticker(ms)).toThrow(
      expect.objectContaining({ code: 'ERR_TICKER_INTERVAL', message: 'non-positive interval for NewTicker' }),
    )
    expect(() => new Ticker(1).reset(ms)).toThrow(
      expect.objectContaining({ code: 'ERR_TICKER_RESET', message: 'non-positive interval for Ticker.Reset' }),
    )
  }
  for (const use of [(ms: number) => new Ticker(ms), (ms: number) => new Ticker(1).reset(ms), tick]) {
    expect(() => use('1' as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    expect(() => use(Number.NaN)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
  }
})

test('tick is the channel of a ticker; the nil channel where a ticker would panic', () => {
  expect(tick(0)).toBe(never)
  expect(tick(-1)).toBe(never)
  const ticks = tick(10)
  clock().skip(10)
  expect(ticks.tryReceive()?.ok).toBe(true)
})

test('an interval of infinity, and one far below a millisecond', async () => {
  const lazy = new Ticker(Number.POSITIVE_INFINITY)
  const busy = new Ticker(1e-6)
  await clock().advance(1000)
  expect(lazy.c.tryReceive()).toBeUndefined()
  expect(busy.c.tryReceive()?.ok).toBe(true)
  expect(busy.c.tryReceive()).toBeUndefined()
})
