// Whether and when a ward is started again: Erlang's restart intensity (so many within so long, then give up), and a delay that
// grows, so that what is down is not hammered.
//
// Invariant: `#times` has those of the last restarts, `maxRestarts` of them at most.
import { invalidType, requireInteger, requirePeriod } from '../errors/argument.ts'
import { exponential } from './backoff.ts'
import { requireSchedule, type Schedule } from './schedule.ts'

/** How a ward ended: it stopped pulsing, threw, or returned. */
export type EndReason = 'silent' | 'failed' | 'ended'

/** When a ward is started again, and when no more. */
export interface RestartOptions {
  /** After which ends a ward is restarted: when it fell silent or failed, or also when it returned. Default: `failed`. */
  readonly restart?: 'failed' | 'always' | undefined
  /** How many restarts there may be within `withinMs`; one more, and the steward gives up. Default: 10; `Infinity` for any number. */
  readonly maxRestarts?: number | undefined
  /** Default: 60,000. */
  readonly withinMs?: number | undefined
  /**
   * The delay before a restart, by the number of wards in a row that were not healthy; one that has pulsed for at least `timeoutMs`
   * was. When the schedule has no more, the steward gives up. Unless told, a ward that fell silent, which took `timeoutMs`
   * already, is restarted at once, and the others after `exponential(100, { maxMs: 30_000 }).jitter('equal')`.
   */
  readonly backoff?: Schedule | undefined
}

export class RestartPolicy {
  readonly maxRestarts: number
  readonly withinMs: number
  readonly #restartsAll: boolean
  readonly #backoff: Schedule
  /** Whether it is for wards that fell silent, too. */
  readonly #delaysAll: boolean
  #times: number[] = []
  /** How many wards in a row were not healthy, since when, and the last delay. */
  #attempt = 0
  #firstAt = 0
  #delayMs = 0

  constructor({ restart = 'failed', maxRestarts = 10, withinMs = 60_000, backoff }: RestartOptions) {
    if (restart !== 'failed' && restart !== 'always') throw invalidType('restart', "'failed' or 'always'", restart)
    if (maxRestarts !== Number.POSITIVE_INFINITY) requireInteger('maxRestarts', maxRestarts, 0)
    requirePeriod('withinMs', withinMs)
    if (backoff !== undefined) requireSchedule('backoff', backoff)
    this.#restartsAll = restart === 'always'
    this.maxRestarts = maxRestarts
    this.withinMs = withinMs
    this.#backoff = backoff ?? exponential(100, { maxMs: 30_000 }).jitter('equal')
    this.#delaysAll = backoff !== undefined
  }

  restartsAfter(reason: EndReason): boolean {
    return reason !== 'ended' || this.#restartsAll
  }

  /** Counts a restart, at `now`; false when that is one too many. */
  allows(now: number): boolean {
    if (this.maxRestarts === Number.POSITIVE_INFINITY) return true
    this.#times = this.#times.filter((time) => now - time < this.withinMs)
    if (this.#times.length >= this.maxRestarts) return false
    this.#times.push(now)
    return true
  }

  /** How long to wait before the restart, at `now`; undefined when there is to be none. */
  delayMs(reason: EndReason, error: unknown, wasHealthy: boolean, now: number): number | undefined {
    if (wasHealthy) this.#attempt = 0
    if (reason === 'silent' && !this.#delaysAll) return 0
    if (this.#attempt === 0) {
      this.#firstAt = now
      this.#delayMs = 0
    }
    const attempt = ++this.#attempt
    const delayMs = this.#backoff.next({ attempt, error, elapsedMs: now - this.#firstAt, delayMs: this.#delayMs })
    this.#delayMs = delayMs ?? 0
    return delayMs
  }
}
