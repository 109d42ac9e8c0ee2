import { expect, test } from 'vitest'
import { never, select, sleep, Ticker, tick, wait } from 'warren'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../support/bubbles.ts'
import { on } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'
import { waiting } from '../support/waiting.ts'

inBubbles('a ticker delivers the time at every interval', function* (t, style) {
  const timers = watchTimers()
  const startTime = Date.now()
  const ticker = new Ticker(10)
  const seen: number[] = []
  style.go(function* () {
    for (let i = 0; i < 4; i++) seen.push((yield* on(ticker.c.receive()))!.getTime() - startTime)
  })
  yield* pass(t, 35)
  expect(seen).toEqual([10, 20, 30])
  yield* pass(t, 100)
  expect(seen).toEqual([10, 20, 30, 40])
  expect(timers.pending).toBe(0)
})

test(
  'ticks that nobody received in time are dropped, and the phase is kept',
  bubble(async () => {
    const startTime = Date.now()
    const ticker = new Ticker(10)
    await sleep(37)
    // The first that was missed, as from Go's buffer of one; the next one comes at 40.
    expect((await ticker.c.receive())!.getTime() - startTime).toBe(10)
    expect(ticker.c.tryReceive()).toBeUndefined()
    await sleep(2)
    expect(ticker.c.tryReceive()).toBeUndefined()
    await sleep(1)
    expect(ticker.c.tryReceive()?.value?.getTime()).toBe(startTime + 40)
  }),
)

inBubbles('each tick goes to one receiver, in the order in which they came', function* (t, style) {
  const ticker = new Ticker(10)
  const seen: string[] = []
  for (const name of ['a', 'b']) {
    style.go(function* () {
      for (let i = 0; i < 2; i++) {
        yield* on(ticker.c.receive())
        seen.push(name)
      }
    })
  }
  yield* pass(t, 40)
  expect(seen).toEqual(['a', 'b', 'a', 'b'])
})

test(
  'stop ends the ticks and does not close the channel; nothing stale is left',
  bubble(async () => {
    const ticker = new Ticker(10)
    await sleep(50)
    ticker.stop()
    expect(ticker.c.tryReceive()).toBeUndefined()
    await sleep(50)
    expect(ticker.c.tryReceive()).toBeUndefined()
    ticker.stop()
  }),
)

inBubbles('stopping a ticker that is waited for takes it out of the clock', function* (t, style) {
  const timers = watchTimers()
  const ticker = new Ticker(10)
  const received = waiting(style, () => ticker.c.receive(t.ctx))
  yield* on(t.wait())
  expect(timers.pending).toBe(1)
  ticker.stop()
  expect(timers.pending).toBe(0)
  yield* pass(t, 100)
  expect(received.state).toBe('pending')
})

inBubbles('reset changes the interval, and the next tick comes after it', function* (t, style) {
  const startTime = Date.now()
  const ticker = new Ticker(1000)
  const seen: number[] = []
  style.go(function* () {
    for (let i = 0; i < 3; i++) seen.push((yield* on(ticker.c.receive()))!.getTime() - startTime)
  })
  yield* on(t.wait())
  yield* on(sleep(5))
  ticker.reset(10)
  yield* pass(t, 100)
  expect(seen).toEqual([15, 25, 35])
})

test(
  'a ticker that was stopped can be reset',
  bubble(async () => {
    const ticker = new Ticker(10)
    ticker.stop()
    ticker.reset(20)
    await sleep(20)
    expect(ticker.c.tryReceive()?.ok).toBe(true)
  }),
)

inBubbles('a ticker is a case of a select', function* (t, style) {
  using ticker = new Ticker(10)
  const picked = waiting(style, () => select({ tick: ticker.c, nothing: null }))
  yield* pass(t, 10)
  expect(picked.value).toMatchObject({ case: 'tick', ok: true })
})

inBubbles('for await over a ticker sees one tick after the other', function* (t, style) {
  const ticker = new Ticker(10)
  let count = 0
  style.go(function* () {
    yield* on(
      wait(
        (async () => {
          for await (const _ of ticker.c) if (++count === 3) break
        })(),
      ),
    )
  })
  yield* pass(t, 35)
  expect(count).toBe(3)
})

test(
  'an interval must be positive',
  bubble(async () => {
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
  }),
)

test(
  'tick is the channel of a ticker; the nil channel where a ticker would panic',
  bubble(async () => {
    expect(tick(0)).toBe(never)
    expect(tick(-1)).toBe(never)
    const ticks = tick(10)
    await sleep(10)
    expect(ticks.tryReceive()?.ok).toBe(true)
  }),
)

test(
  'an interval of infinity, and one far below a millisecond',
  bubble(async (t) => {
    const lazy = new Ticker(Number.POSITIVE_INFINITY)
    const busy = new Ticker(1e-6)
    await sleep(1000)
    await t.wait()
    expect(lazy.c.tryReceive()).toBeUndefined()
    expect(busy.c.tryReceive()?.ok).toBe(true)
    expect(busy.c.tryReceive()).toBeUndefined()
  }),
)
