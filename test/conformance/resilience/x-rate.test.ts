import { describe, expect, test } from 'vitest'
import { WaitGroup } from 'warren'
import { every, Limiter } from 'warren/resilience'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

const start = Date.UTC(2024, 1, 29, 12)
/** The time after `n` tenths of a second. */
const tenths = (n: number): Date => new Date(start + 100 * n)

type Step = readonly [at: number, tokens: number, n: number, ok: boolean]

function expectSteps(limiter: Limiter, steps: readonly Step[]): void {
  const found = steps.map(([at, , n]) => [at, limiter.tokensAt(tenths(at)), n, limiter.allowN(tenths(at), n)])
  expect(found).toEqual(steps)
}

// Go: golang.org/x/time/rate, TestLimit
test('a limit is a limit, and no limit is another one', () => {
  expect(new Limiter(10, 1).limit).toBe(10)
  expect(new Limiter(Number.POSITIVE_INFINITY, 1).limit).toBe(Number.POSITIVE_INFINITY)
})

describe('every', () => {
  // Go: golang.org/x/time/rate, TestEvery
  const cases = [
    [0, Number.POSITIVE_INFINITY],
    [-1e-6, Number.POSITIVE_INFINITY],
    [1e-6, 1e9],
    [0.001, 1e6],
    [1, 1e3],
    [10, 100],
    [100, 10],
    [1000, 1],
    [2000, 0.5],
    [2500, 0.4],
    [4000, 0.25],
    [10_000, 0.1],
    [2 ** 63 / 1e6, 1e9 / 2 ** 63],
  ] as const
  for (const [ms, limit] of cases) {
    test(`of ${ms} ms is ${limit}`, () => {
      if (limit === Number.POSITIVE_INFINITY) expect(every(ms)).toBe(limit)
      else expect(every(ms) / limit).toBeCloseTo(1, 9)
    })
  }
})

describe('allowN', () => {
  // Go: golang.org/x/time/rate, TestLimiterBurst1
  test('lets one through at a time when the burst is 1', () => {
    expectSteps(new Limiter(10, 1), [
      [0, 1, 1, true],
      [0, 0, 1, false],
      [0, 0, 1, false],
      [1, 1, 1, true],
      [1, 0, 1, false],
      [1, 0, 1, false],
      [2, 1, 2, false], // never two at once
      [2, 1, 1, true],
      [2, 0, 1, false],
    ])
  })

  // Go: golang.org/x/time/rate, TestLimiterBurst3
  test('lets through what has gathered, up to the burst', () => {
    expectSteps(new Limiter(10, 3), [
      [0, 3, 2, true],
      [0, 1, 2, false],
      [0, 1, 1, true],
      [0, 0, 1, false],
      [1, 1, 4, false],
      [2, 2, 1, true],
      [3, 2, 1, true],
      [4, 2, 1, true],
      [4, 1, 1, true],
      [4, 0, 1, false],
      [4, 0, 1, false],
      [9, 3, 3, true],
      [9, 0, 0, true],
    ])
  })

  // Go: golang.org/x/time/rate, TestLimiterJumpBackwards
  test('goes on from where a clock that goes backwards is', () => {
    expectSteps(new Limiter(10, 3), [
      [1, 3, 1, true],
      [0, 2, 1, true], // back: nothing came, nothing is lost
      [0, 1, 1, true],
      [0, 0, 1, false],
      [0, 0, 1, false],
      [1, 1, 1, true],
      [1, 0, 1, false],
      [1, 0, 1, false],
      [2, 1, 1, true],
      [2, 0, 1, false],
      [2, 0, 1, false],
    ])
  })

  // Go: golang.org/x/time/rate, TestLongRunningQPS
  test('lets through the burst and then the limit, in the long run', () => {
    const limiter = new Limiter(100, 100)
    let allowed = 0
    for (let ms = 0; ms < 5000; ms += 2) if (limiter.allowN(new Date(start + ms), 1)) allowed++
    const ideal = 100 + 5 * 100
    expect(allowed).toBeLessThanOrEqual(ideal + 1)
    expect(allowed).toBeGreaterThanOrEqual(Math.floor(0.999 * ideal))
  })
})

describe('allow', () => {
  // Go: golang.org/x/time/rate, TestLimiter_noTruncationErrors
  test('is not refused for a rounding error', () => {
    expect(new Limiter(0.7692307692307693, 1).allow()).toBe(true)
  })

  // Go: golang.org/x/time/rate, TestSimultaneousRequests
  inBothStyles('lets as many through as the burst, whoever asks', function* (style) {
    const limiter = new Limiter(1, 5)
    const wg = new WaitGroup()
    let allowed = 0
    wg.add(15)
    for (let i = 0; i < 15; i++) {
      style.go(function* (): Body {
        if (limiter.allow()) allowed++
        wg.done()
      })
    }
    yield* on(wg.wait())
    expect(allowed).toBe(5)
  })

  // Go: golang.org/x/time/rate, TestZeroLimit
  test('with a limit of zero lets through what is there at first, and then nothing', () => {
    const limiter = new Limiter(0, 1)
    expect([limiter.allow(), limiter.allow()]).toEqual([true, false])
  })

  // Go: golang.org/x/time/rate, TestTinyLimit
  test('with a tiny limit does not overflow', () => {
    const limiter = new Limiter(1e-10, 1)
    expect([limiter.allow(), limiter.allow()]).toEqual([true, false])
  })
})
