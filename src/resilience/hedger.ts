// What calls to the same service share when they are hedged: how long they take, and how much more load there may be.
import {
  invalidType,
  outOfRange,
  requireAtLeast,
  requireFunction,
  requireInteger,
  requireObject,
} from '../errors/argument.ts'
import { ExtraLoad } from './extra-load.ts'
import { LatencyWindow } from './latency-window.ts'

interface CommonHedgeOptions {
  /** How many attempts there are at most in a call, the first included. Default: 2. */
  readonly max?: number | undefined
  /**
   * How many further attempts there are per call, on average over calls: 0.1 is a tenth more load. Up to `burst` (default: 10,
   * and 0 for a ratio of 0) may come at once, as long as few were needed before. Default: 0.1. `Infinity` for no budget.
   */
  readonly budget?: number | HedgeBudget | undefined
  /** Whether an attempt's error is an answer, such as "not found": the call then fails with it at once. Default: none is. */
  readonly isFinal?: ((error: unknown) => boolean) | undefined
}

export interface HedgeBudget {
  readonly ratio: number
  readonly burst?: number | undefined
}

/** The next attempt starts after `delayMs`. 0 starts all at once, `Infinity` starts the next only when one fails. */
interface DelayedHedge extends CommonHedgeOptions {
  readonly delayMs: number
  readonly percentile?: undefined
}

/**
 * The next attempt starts when a call has taken longer than `percentile` percent of the last 1,000 did: 95, say. (A fraction below 1 is
 * taken as one: 0.95 is 95.) Until enough is known for that, at least 20 calls, it is `delayMs`; without that there is none.
 */
interface MeasuredHedge extends CommonHedgeOptions {
  readonly percentile: number
  readonly delayMs?: number | undefined
}

export type HedgeOptions = DelayedHedge | MeasuredHedge

/** What has come of the calls so far. */
export interface HedgeStats {
  readonly calls: number
  /** Attempts beyond the first of a call. */
  readonly hedges: number
  /** Calls whose result came from one of those. */
  readonly wins: number
  /** Attempts that the budget did not allow. */
  readonly rejected: number
}

const windowSize = 1000
const leastSamples = 20
const defaultBudget = 0.1
const defaultBurst = 10

/**
 * Knows the latencies of one service, and the budget for further attempts: make one for each, and give it to all its calls of
 * {@link hedge}.
 *
 * Latencies are those of first attempts that succeed. One that was overtaken counts with the time that it had until then, so that slow ones
 * are not forgotten.
 * @example
 * const reads = new Hedger({ percentile: 95, delayMs: 50, budget: 0.05 })
 * for (let i = 0; i < 3; i++) await hedge(async (ctx) => sleep(1, ctx), reads)
 * const { calls, hedges } = reads.stats()
 * console.log(calls, hedges, reads.delayMs) // 3 0 50
 */
export class Hedger {
  /** @internal */
  readonly max: number
  /** @internal */
  readonly isFinal: ((error: unknown) => boolean) | undefined
  /** @internal */
  calls = 0
  /** @internal */
  hedges = 0
  /** @internal */
  wins = 0
  /** @internal */
  rejected = 0
  readonly #load: ExtraLoad
  readonly #delayMs: number | undefined
  readonly #percent: number
  readonly #samples: number
  readonly #latencies: LatencyWindow | null

  /** @throws {PanicError} `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE`. */
  constructor(options: HedgeOptions) {
    requireObject('options', options)
    const { delayMs, percentile, max = 2, budget = defaultBudget, isFinal } = options
    if (delayMs === undefined && percentile === undefined) {
      throw invalidType('options', 'an object with delayMs or percentile', options)
    }
    if (delayMs !== undefined) requireAtLeast('delayMs', delayMs, 0)
    requireInteger('max', max, 1)
    if (isFinal !== undefined) requireFunction('isFinal', isFinal)
    this.max = max
    this.isFinal = isFinal
    this.#load = loadOf(budget)
    this.#delayMs = delayMs
    this.#percent = percentile === undefined ? 0 : percentOf(percentile)
    this.#samples = Math.min(Math.max(leastSamples, Math.ceil(100 / (100 - this.#percent))), windowSize)
    this.#latencies = percentile === undefined ? null : new LatencyWindow(windowSize)
  }

  /** After how many milliseconds a call is hedged, as of now; undefined while too little is known. */
  get delayMs(): number | undefined {
    const latencies = this.#latencies
    return latencies === null || latencies.count < this.#samples ? this.#delayMs : latencies.percentile(this.#percent)
  }

  stats(): HedgeStats {
    return { calls: this.calls, hedges: this.hedges, wins: this.wins, rejected: this.rejected }
  }

  /** @internal */
  noteCall(): void {
    this.calls++
    this.#load.noteCall()
  }

  /** @internal Says whether there may be one more attempt. */
  allows(): boolean {
    const isAllowed = this.#load.spend()
    if (isAllowed) this.hedges++
    else this.rejected++
    return isAllowed
  }

  /** @internal */
  noteLatency(ms: number): void {
    this.#latencies?.add(ms)
  }
}

function percentOf(percentile: unknown): number {
  if (typeof percentile !== 'number') throw invalidType('percentile', 'a number', percentile)
  if (!(percentile > 0 && percentile < 100)) throw outOfRange('percentile', 'above 0 and below 100', percentile)
  return percentile < 1 ? percentile * 100 : percentile
}

function loadOf(budget: number | HedgeBudget): ExtraLoad {
  if (typeof budget === 'number') return loadOf({ ratio: budget })
  requireObject('budget', budget)
  const { ratio, burst = ratio === 0 ? 0 : defaultBurst } = budget
  requireAtLeast('the ratio of the budget', ratio, 0)
  requireAtLeast('the burst of the budget', burst, 0)
  return ratio === Number.POSITIVE_INFINITY ? new ExtraLoad(ratio, ratio) : new ExtraLoad(ratio, burst)
}
