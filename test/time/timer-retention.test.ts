// What timers hold, and for how long: on the real clock, with real garbage collections.
import { describe, expect, test } from 'vitest'
import { after, chan, go, select, sleep, Ticker, Timer, tick } from 'warren'
import { Canary, heapAfterGc } from '../support/gc.ts'
import { idle } from '../support/styles.ts'

const hour = 3_600_000

// Go: time/tick_test.go, TestTimerGC (1.23)
describe('a timer that nobody refers to is garbage, however long it has to go', () => {
  const makers: Record<string, (canary: object) => void> = {
    after: (canary) => void Object.assign(after(hour), { canary }),
    tick: (canary) => void Object.assign(tick(hour), { canary }),
    'new Timer': (canary) => void Object.assign(new Timer(hour), { canary }),
    'new Ticker': (canary) => void Object.assign(new Ticker(hour), { canary }),
    'a timer that was received from in vain': (canary) => {
      const timer = Object.assign(new Timer(hour), { canary })
      timer.c.tryReceive()
    },
    'a timer that was the case of a select': (canary) => {
      const ready = chan<number>(1)
      ready.trySend(1)
      const timer = Object.assign(new Timer(hour), { canary })
      void select({ timeout: timer.c, ready })
    },
  }
  for (const [name, make] of Object.entries(makers)) {
    test(name, async () => {
      const canary = new Canary()
      for (let i = 0; i < 10; i++) make(canary.hatch())
      expect(await canary.collected(10)).toBe(10)
    })
  }

  test('a timer that was waited for, until the wait was over', async () => {
    const canary = new Canary()
    const stop = chan<never>()
    for (let i = 0; i < 10; i++) {
      const held = canary.hatch()
      go(async () => {
        const timer = Object.assign(new Timer(hour), { held })
        await select({ timeout: timer.c, stop })
      })
    }
    await idle()
    expect(await canary.collected(1, 3)).toBe(0)
    stop.close()
    expect(await canary.collected(10)).toBe(10)
  })
})

test('a goroutine that sleeps is held by its timer, and by nothing after it', async () => {
  const canary = new Canary()
  for (let i = 0; i < 10; i++) {
    const held = canary.hatch()
    go(function* () {
      yield* sleep(150)
      return held
    })
    go(async () => {
      await sleep(150)
      return held
    })
  }
  await idle()
  expect(await canary.collected(1, 2)).toBe(0)
  await sleep(200)
  expect(await canary.collected(10)).toBe(10)
})

test('a goroutine that is blocked on a stopped timer is garbage', async () => {
  const canary = new Canary()
  for (let i = 0; i < 10; i++) {
    const held = canary.hatch()
    go(function* () {
      const timer = new Timer(hour)
      timer.stop()
      yield* timer.c.receive()
      return held
    })
  }
  expect(await canary.collected(10)).toBe(10)
})

test('a loop of selects with a long timeout grows nothing', async () => {
  const ch = chan<number>(1)
  const round = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      // Parked, and woken by the send: the timer is in the clock for that long.
      const picked = select({ ch, timeout: after(hour) })
      ch.trySend(i)
      await picked
    }
  }
  await round(2_000)
  const before = heapAfterGc()
  await round(100_000)
  // A retained timer would take several hundred bytes.
  expect(heapAfterGc() - before).toBeLessThan(100_000 * 40)
})

test('a hundred thousand pending sleeps are cheap to start and to end', async () => {
  const start = performance.now()
  const naps = Array.from({ length: 100_000 }, (_, i) => sleep(50 + (i % 100)))
  await Promise.all(naps)
  expect(performance.now() - start).toBeLessThan(15_000)
})

describe('the real clock', () => {
  // Node clamps a longer delay to one millisecond.
  test('a sleep of more than 2^31 milliseconds does not end at once', async () => {
    const ends = [2 ** 31, 2 ** 32 + 1, 1e15, Number.POSITIVE_INFINITY].map((ms) => ({
      case: 'long',
      timer: new Timer(ms),
    }))
    const picked = await select({
      ...Object.fromEntries(ends.map(({ timer }, i) => [`long${i}`, timer.c])),
      short: after(40),
    })
    expect(picked.case).toBe('short')
  })

  test('sleep takes as long as it says', async () => {
    const start = performance.now()
    await sleep(30)
    expect(performance.now() - start).toBeGreaterThanOrEqual(30)
  })

  test('a timer is not disturbed by a shorter one that is stopped', async () => {
    const start = performance.now()
    const long = after(40).receive()
    const short = new Timer(5)
    const wait = select({ short: short.c, after: after(10) })
    short.stop()
    expect((await wait).case).toBe('after')
    await long
    expect(performance.now() - start).toBeGreaterThanOrEqual(39)
  })
})
