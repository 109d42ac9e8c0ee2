// What Go's own limiter did in some thousand steps, times that go back included: see x-rate-traces/main.go.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Limiter, type Reservation } from 'warren/resilience'

type Step = readonly [what: string, ms: number, argument: number | 'inf', result: boolean | number, delayNs?: string]

interface Trace {
  readonly limit: number | 'inf'
  readonly burst: number
  readonly steps: readonly Step[]
}

const start = 1_700_000_000_000
const longestNs = String(2n ** 63n - 1n)

const traces = readFileSync(new URL('./x-rate-traces/traces.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Trace)

const limitOf = (value: number | 'inf'): number => (value === 'inf' ? Number.POSITIVE_INFINITY : value)

class Replay {
  readonly #limiter: Limiter
  readonly #reservations: Reservation[] = []

  constructor({ limit, burst }: Trace) {
    this.#limiter = new Limiter(limitOf(limit), burst)
  }

  take([what, ms, argument]: Step): Step {
    const at = new Date(start + ms)
    const n = limitOf(argument)
    const limiter = this.#limiter
    if (what === 'allow') return [what, ms, argument, limiter.allowN(at, n)]
    if (what === 'reserve') {
      const reservation = limiter.reserveN(at, n)
      this.#reservations.push(reservation)
      const delay = reservation.delayFrom(at)
      const delayNs = delay === Number.POSITIVE_INFINITY ? longestNs : String(Math.round(delay * 1e6))
      return [what, ms, argument, reservation.ok, delayNs]
    }
    if (what === 'cancel') this.#reservations[n]!.cancelAt(at)
    if (what === 'setLimit') limiter.setLimitAt(at, n)
    if (what === 'setBurst') limiter.setBurstAt(at, n)
    return [what, ms, argument, limiter.tokensAt(at)]
  }
}

// Go: golang.org/x/time/rate
test('a limiter does what Go’s does, to the last digit', () => {
  expect(traces.length).toBe(40)
  for (const trace of traces) {
    const replay = new Replay(trace)
    expect(trace.steps.map((step) => replay.take(step))).toEqual(trace.steps)
  }
})
