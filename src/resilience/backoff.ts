// Schedules to begin with. They go on for ever: say how often, or for how long.
import { requireAtLeast, requireDuration, requireObject } from '../errors/argument.ts'
import { random } from './random.ts'
import { type Delay, Schedule } from './schedule.ts'

/**
 * The schedule that waits for what `delay` gives, and ends when that is undefined. `delay` must keep no state: all that a
 * delay may depend on is in its argument.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it is no function.
 * @example
 * const whileBusy = schedule(({ attempt, error }) => (String(error).includes('busy') ? attempt * 50 : undefined))
 * console.log(whileBusy.next({ attempt: 2, error: new Error('busy'), elapsedMs: 0, delayMs: 0 })) // 100
 */
export function schedule(delay: Delay): Schedule {
  return new Schedule(delay)
}

/**
 * Always waits for `ms` milliseconds.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
 */
export function constant(ms: number): Schedule {
  requireDuration('ms', ms)
  return new Schedule(() => ms)
}

/**
 * Waits for these times, one after the other, and then gives up.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
 */
export function delays(...ms: readonly number[]): Schedule {
  for (const each of ms) requireDuration('ms', each)
  const list = [...ms]
  return new Schedule(({ attempt }) => list[attempt - 1])
}

/**
 * Waits for `ms` milliseconds, and each time for `stepMs` more (`ms` unless told).
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
 */
export function linear(ms: number, stepMs: number = ms): Schedule {
  requireDuration('ms', ms)
  requireDuration('stepMs', stepMs)
  return new Schedule(({ attempt }) => ms + (attempt - 1) * stepMs)
}

export interface ExponentialOptions {
  /** What each delay is multiplied with to give the next: at least 1; 2 unless told. */
  readonly factor?: number | undefined
  /** The longest delay in milliseconds; no limit unless told. */
  readonly maxMs?: number | undefined
}

/**
 * Waits for `ms` milliseconds, and each time `factor` times as long as before.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
 * @example
 * const backoff = exponential(100, { maxMs: 300 })
 * const failed = { error: new Error('busy'), elapsedMs: 0, delayMs: 0 }
 * console.log([1, 2, 3].map((attempt) => backoff.next({ ...failed, attempt }))) // [ 100, 200, 300 ]
 */
export function exponential(ms: number, options: ExponentialOptions = {}): Schedule {
  requireDuration('ms', ms)
  requireObject('options', options)
  const { factor = 2, maxMs = Number.POSITIVE_INFINITY } = options
  requireDuration('maxMs', maxMs)
  requireAtLeast('factor', factor, 1)
  // Zero times an infinite power is none.
  return new Schedule(({ attempt }) => (ms <= 0 ? 0 : Math.min(ms * factor ** (attempt - 1), maxMs)))
}

/**
 * Waits for a random time from `ms` up to three times the delay before, but at most `maxMs` milliseconds: the third kind
 * of AWS's "Exponential Backoff and Jitter".
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
 */
export function decorrelated(ms: number, maxMs: number): Schedule {
  requireDuration('ms', ms)
  requireDuration('maxMs', maxMs)
  return new Schedule(({ delayMs }) => {
    const most = Math.max(delayMs, ms) * 3
    return Math.min(ms + random() * (most - ms), maxMs)
  })
}
