// When a circuit breaker opens and closes: its options, checked and completed.
import {
  invalidType,
  outOfRange,
  requireDuration,
  requireFunction,
  requireInteger,
  requireObject,
  requirePeriod,
} from '../errors/argument.ts'
import { constant } from './backoff.ts'
import { type CallWindow, CountWindow, TimeWindow } from './call-window.ts'
import type { HealthRules } from './health.ts'
import { Schedule } from './schedule.ts'
import { isAbort } from './told-to-stop.ts'

export interface CircuitBreakerOptions {
  /** For errors and logs. */
  readonly name?: string | undefined
  /** Opens after so many failures in a row; 5 unless told, or unless there is a rate. */
  readonly consecutiveFailures?: number | undefined
  /** Opens when at least this share of the calls in the window has failed: above 0, up to 1. */
  readonly failureRate?: number | undefined
  /** Calls that take longer, in milliseconds, count as slow; needs `slowRate`. */
  readonly slowMs?: number | undefined
  /** Opens when at least this share of the calls in the window was slow: above 0, up to 1; needs `slowMs`. */
  readonly slowRate?: number | undefined
  /** What the rates are taken of: the last calls, or those of the last milliseconds; 100 calls unless told. */
  readonly window?: { readonly calls: number } | { readonly ms: number } | undefined
  /** With fewer calls in the window there is no rate; 10 unless told, or as many as fit. */
  readonly minimumCalls?: number | undefined
  /**
   * How long it stays open, in milliseconds; 30,000 unless told. A schedule is asked with what opened it, and how often it
   * has opened since it was last closed as the `attempt`; when that gives no more, the delay stays what it was.
   */
  readonly openMs?: number | Schedule | undefined
  /** How many calls are let through to try whether all is well again; if all of them succeed, it closes. 1 unless told. */
  readonly probes?: number | undefined
  /** Which errors are failures; all unless told, but those that say that somebody was told to stop. */
  readonly isFailure?: ((error: unknown) => boolean) | undefined
}

/** Options without gaps; a limit that was not asked for is infinite. */
export interface BreakerRules extends HealthRules {
  readonly name: string | undefined
  readonly slowMs: number
  readonly open: Schedule
  readonly probes: number
  readonly isFailure: (error: unknown) => boolean
}

const none = Number.POSITIVE_INFINITY

export function rulesOf(options: CircuitBreakerOptions): BreakerRules {
  requireObject('options', options)
  const { name, failureRate, slowMs, slowRate, window = { calls: 100 }, openMs = 30_000, probes = 1 } = options
  const hasRate = failureRate !== undefined || slowRate !== undefined
  const { consecutiveFailures = hasRate ? none : 5, isFailure = (error) => !isAbort(error) } = options
  if (consecutiveFailures !== none) requireInteger('consecutiveFailures', consecutiveFailures, 1)
  requireRate('failureRate', failureRate)
  requireRate('slowRate', slowRate)
  requireInteger('probes', probes, 1)
  requireFunction('isFailure', isFailure)
  if (slowMs !== undefined) requireDuration('slowMs', slowMs)
  if ((slowMs === undefined) !== (slowRate === undefined)) {
    throw invalidType(slowMs === undefined ? 'slowMs' : 'slowRate', 'given as well', undefined)
  }
  return {
    name,
    consecutiveFailures,
    failureRate: failureRate ?? none,
    slowMs: slowMs ?? none,
    slowRate: slowRate ?? none,
    window: windowOf(window),
    minimumCalls: minimumOf(options.minimumCalls, window),
    open: scheduleOf(openMs),
    probes,
    isFailure,
  }
}

function scheduleOf(openMs: number | Schedule): Schedule {
  if (openMs instanceof Schedule) return openMs
  requireDuration('openMs', openMs)
  return constant(openMs)
}

function requireRate(name: string, rate: number | undefined): void {
  if (rate === undefined) return
  if (typeof rate !== 'number') throw invalidType(name, 'a number', rate)
  if (!(rate > 0 && rate <= 1)) throw outOfRange(name, 'above 0 and at most 1', rate)
}

function windowOf(window: NonNullable<CircuitBreakerOptions['window']>): CallWindow {
  if (typeof window !== 'object' || window === null) throw invalidType('window', '{ calls } or { ms }', window)
  if ('calls' in window) {
    requireInteger('window.calls', window.calls, 1)
    return new CountWindow(window.calls)
  }
  requirePeriod('window.ms', window.ms)
  return new TimeWindow(window.ms)
}

function minimumOf(calls: number | undefined, window: NonNullable<CircuitBreakerOptions['window']>): number {
  const most = 'calls' in window ? window.calls : none
  if (calls === undefined) return Math.min(10, most)
  requireInteger('minimumCalls', calls, 1)
  if (calls > most) throw outOfRange('minimumCalls', `at most the ${most} calls of the window`, calls)
  return calls
}
