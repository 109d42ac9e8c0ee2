// How often events may happen: a number of events per second, as in golang.org/x/time/rate.
import { invalidType, outOfRange, requireDuration } from '../errors/argument.ts'

/** Events per second. `Infinity` is no limit; 0 (or less) allows nothing beyond what a limiter starts with. */
export type Limit = number

/**
 * The limit of one event every `ms` milliseconds; `Infinity` when that is 0 or less.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ms` is no number, `ERR_OUT_OF_RANGE` when it is NaN.
 * @example
 * console.log(every(250)) // 4
 * console.log(every(10 * Second)) // 0.1
 */
export function every(ms: number): Limit {
  requireDuration('ms', ms)
  return ms <= 0 ? Number.POSITIVE_INFINITY : 1000 / ms
}

/**
 * The limit of `events` in each `ms` milliseconds.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when one is no number; `ERR_OUT_OF_RANGE` when `events` is not above 0 or `ms` is NaN.
 * @example
 * console.log(per(90, Minute)) // 1.5
 */
export function per(events: number, ms: number): Limit {
  if (typeof events !== 'number') throw invalidType('events', 'a number', events)
  if (!(events > 0)) throw outOfRange('events', 'above 0', events)
  requireDuration('ms', ms)
  return every(ms / events)
}

/** Throws unless it is a limit: any number. As in Go, one below 0 is no mistake: it is as good as 0. */
export function requireLimit(name: string, value: unknown): void {
  if (typeof value !== 'number') throw invalidType(name, 'a number of events per second', value)
  if (Number.isNaN(value)) throw outOfRange(name, 'a number of events per second', value)
}
