import { describe, expect, test } from 'vitest'
import {
  CircuitOpenError,
  constant,
  decorrelated,
  delays,
  exponential,
  linear,
  retryAfter,
  type Schedule,
  schedule,
} from 'warren/resilience'
import { bubble } from 'warren/testing'

const error = new Error('busy')

/** The delays of the first `n` failures, if each try takes `tryMs`; they end where the schedule does. */
function delaysOf(by: Schedule, n: number, tryMs = 0): number[] {
  const got: number[] = []
  let elapsedMs = 0
  let delayMs = 0
  for (let attempt = 1; attempt <= n; attempt++) {
    const next = by.next({ attempt, error, elapsedMs, delayMs })
    if (next === undefined) break
    got.push(next)
    delayMs = next
    elapsedMs += next + tryMs
  }
  return got
}

describe('a schedule', () => {
  test('waits as its kind says, for ever', () => {
    expect(delaysOf(constant(7), 3)).toEqual([7, 7, 7])
    expect(delaysOf(linear(10), 4)).toEqual([10, 20, 30, 40])
    expect(delaysOf(linear(10, 5), 3)).toEqual([10, 15, 20])
    expect(delaysOf(exponential(100), 4)).toEqual([100, 200, 400, 800])
    expect(delaysOf(exponential(100, { factor: 3, maxMs: 500 }), 4)).toEqual([100, 300, 500, 500])
    expect(delaysOf(exponential(1, { maxMs: 1000 }), 5000).at(-1)).toBe(1000)
    expect(delaysOf(exponential(0), 5000).at(-1)).toBe(0)
    expect(delaysOf(delays(5, 50, 500), 9)).toEqual([5, 50, 500])
    expect(delaysOf(delays(), 9)).toEqual([])
    expect(delaysOf(constant(-1), 1)).toEqual([0])
  })

  test('ends after so many tries, the first one included', () => {
    expect(delaysOf(constant(1).attempts(1), 9)).toEqual([])
    expect(delaysOf(constant(1).attempts(3), 9)).toEqual([1, 1])
    expect(delaysOf(constant(1).attempts(5).attempts(3), 9)).toEqual([1, 1])
  })

  test('begins no try later than so long after the first failure', () => {
    expect(delaysOf(constant(10).within(30), 9)).toEqual([10, 10, 10])
    expect(delaysOf(constant(10).within(29), 9)).toEqual([10, 10])
    expect(delaysOf(constant(10).within(30), 9, 5)).toEqual([10, 10])
    expect(delaysOf(exponential(100).within(50), 9)).toEqual([])
  })

  test('caps delays', () => {
    expect(delaysOf(exponential(100).cap(250), 3)).toEqual([100, 200, 250])
  })

  test('asks whether an error is worth another try', () => {
    const seen: unknown[] = []
    const twice = constant(1).retryIf((each, { attempt }) => {
      seen.push(each)
      return attempt <= 2
    })
    expect(delaysOf(twice, 9)).toEqual([1, 1])
    expect(seen).toEqual([error, error, error])
    expect(
      delaysOf(
        constant(1).retryIf((each) => each instanceof TypeError),
        9,
      ),
    ).toEqual([])
  })

  test('goes on with another while both do, or while one does', () => {
    expect(delaysOf(linear(10).and(constant(25)), 4)).toEqual([25, 25, 30, 40])
    expect(delaysOf(linear(10).and(constant(25).attempts(3)), 4)).toEqual([25, 25])
    expect(delaysOf(linear(10).or(constant(25)), 4)).toEqual([10, 20, 25, 25])
    expect(delaysOf(constant(10).attempts(3).or(constant(1000)), 4)).toEqual([10, 10, 1000, 1000])
    expect(delaysOf(constant(1000).or(constant(10).attempts(3)), 4)).toEqual([10, 10, 1000, 1000])
    expect(delaysOf(constant(1).attempts(1).or(constant(1).attempts(2)), 4)).toEqual([1])
  })

  test('is a value: what is made from it does not change it', () => {
    const base = exponential(100)
    base.attempts(1)
    base.cap(1)
    expect(delaysOf(base, 3)).toEqual([100, 200, 400])
  })

  test('is made from a function', () => {
    expect(
      delaysOf(
        schedule(({ attempt }) => (attempt < 3 ? attempt : undefined)),
        9,
      ),
    ).toEqual([1, 2])
    const wrong = schedule(() => Number.NaN)
    expect(() => delaysOf(wrong, 1)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
  })

  test('tells of each retry', () => {
    const told: unknown[] = []
    const told3 = constant(5)
      .attempts(3)
      .onRetry(({ attempt }, delayMs) => void told.push([attempt, delayMs]))
    delaysOf(told3, 9)
    expect(told).toEqual([
      [1, 5],
      [2, 5],
    ])
  })

  test('refuses what is no argument of its', () => {
    const base = constant(1)
    const wrong: [() => unknown, string][] = [
      [() => constant('1' as never), 'ERR_INVALID_ARG_TYPE'],
      [() => constant(Number.NaN), 'ERR_OUT_OF_RANGE'],
      [() => delays(1, Number.NaN), 'ERR_OUT_OF_RANGE'],
      [() => exponential(1, { factor: 0.5 }), 'ERR_OUT_OF_RANGE'],
      [() => exponential(1, { factor: '2' as never }), 'ERR_INVALID_ARG_TYPE'],
      [() => exponential(1, null as never), 'ERR_INVALID_ARG_TYPE'],
      [() => schedule(7 as never), 'ERR_INVALID_ARG_TYPE'],
      [() => base.attempts(0), 'ERR_OUT_OF_RANGE'],
      [() => base.attempts(1.5), 'ERR_OUT_OF_RANGE'],
      [() => base.within(Number.NaN), 'ERR_OUT_OF_RANGE'],
      [() => base.cap('1' as never), 'ERR_INVALID_ARG_TYPE'],
      [() => base.jitter('some' as never), 'ERR_INVALID_ARG_TYPE'],
      [() => base.retryIf(true as never), 'ERR_INVALID_ARG_TYPE'],
      [() => base.delayFrom(1 as never), 'ERR_INVALID_ARG_TYPE'],
      [() => base.and(1 as never), 'ERR_INVALID_ARG_TYPE'],
      [() => base.or({ next: () => 1 } as never), 'ERR_INVALID_ARG_TYPE'],
      [() => base.onRetry(1 as never), 'ERR_INVALID_ARG_TYPE'],
    ]
    for (const [call, code] of wrong) expect(call, String(call)).toThrow(expect.objectContaining({ code }))
  })
})

describe('jitter', () => {
  const many = (by: Schedule): number[] =>
    Array.from({ length: 2000 }, () => by.next({ attempt: 1, error, elapsedMs: 0, delayMs: 0 })!)
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length

  test('spreads delays evenly over what it says', () => {
    for (const [by, least, most] of [
      [constant(100).jitter(), 0, 100],
      [constant(100).jitter('full'), 0, 100],
      [constant(100).jitter('equal'), 50, 100],
      [decorrelated(100, 10_000), 100, 300],
    ] as const) {
      const got = many(by)
      expect(Math.min(...got)).toBeGreaterThanOrEqual(least)
      expect(Math.max(...got)).toBeLessThan(most)
      expect(Math.abs(mean(got) - (least + most) / 2)).toBeLessThan((most - least) / 20)
    }
  })

  test('of the decorrelated kind follows from the delay before, up to its limit', () => {
    const by = decorrelated(100, 500)
    const delayAfter = (delayMs: number) => by.next({ attempt: 2, error, elapsedMs: 0, delayMs })!
    for (let i = 0; i < 200; i++) {
      expect(delayAfter(150)).toBeGreaterThanOrEqual(100)
      expect(delayAfter(150)).toBeLessThan(450)
      expect(delayAfter(1_000_000)).toBeLessThanOrEqual(500)
    }
  })

  test('is the same in every run of a bubble', async () => {
    const runs: number[][] = []
    for (let i = 0; i < 2; i++) await bubble(async () => void runs.push(many(constant(100).jitter()).slice(0, 5)))()
    expect(runs[0]).toEqual(runs[1])
    expect(new Set(runs[0]).size).toBe(5)
  })
})

describe('retryAfter', () => {
  test(
    'finds how long to stay away',
    bubble(async () => {
      const at = new Date(Date.now() + 90_000).toUTCString()
      const cases: [unknown, number | undefined][] = [
        [{ retryAfterMs: 1500 }, 1500],
        [new CircuitOpenError(undefined, 250), 250],
        [{ headers: { 'retry-after': '2' } }, 2000],
        [{ headers: { 'Retry-After': 3 } }, 3000],
        [{ response: { headers: new Headers({ 'Retry-After': '0' }) } }, 0],
        [{ response: new Response('', { headers: { 'retry-after': at } }) }, 90_000],
        [{ headers: { 'retry-after': 'Wed, 21 Oct 1998 07:28:00 GMT' } }, 0],
        [{ headers: { 'retry-after': '-5' } }, undefined],
        [{ headers: { 'retry-after': 'soon' } }, undefined],
        [{ headers: {} }, undefined],
        [{ headers: null, response: null }, undefined],
        [{ retryAfterMs: Number.NaN }, undefined],
        [new Error('busy'), undefined],
        [undefined, undefined],
        ['busy', undefined],
      ]
      for (const [from, expected] of cases) expect(retryAfter(from)).toBe(expected)
    }),
  )

  test('makes a delay longer, not shorter, and limits that follow hold for it', () => {
    const next = (by: Schedule, retryAfterMs: number) =>
      by.next({ attempt: 1, error: { retryAfterMs }, elapsedMs: 0, delayMs: 0 })
    const by = constant(100).delayFrom(retryAfter)
    expect(next(by, 5000)).toBe(5000)
    expect(next(by, 0)).toBe(100)
    expect(next(by.cap(1000), 5000)).toBe(1000)
    expect(next(by.within(1000), 5000)).toBe(undefined)
    expect(next(constant(100).within(1000).delayFrom(retryAfter), 5000)).toBe(5000)
  })
})
