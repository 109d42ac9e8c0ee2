// How often events may happen: a number of events per second, as in golang.org/x/time/rate.
import { invalidType, outOfRange } from '../errors/argument.ts'

/** Events per second; `Infinity` is no limit. */
export type Limit = number

/**
 * The limit of one event every `ms` milliseconds; `Infinity` when that is 0 or less.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ms` is no number, `ERR_OUT_OF_RANGE` when it is NaN.
 */
export function every(ms: number): Limit {
  if (typeof ms !== 'number') throw invalidType('ms', 'a number', ms)
  if (Number.isNaN(ms)) throw outOfRange('ms', 'a number of milliseconds', ms)
  return ms <= 0 ? Number.POSITIVE_INFINITY : 1000 / ms
}

/**
 * The limit of `events` in each `ms` milliseconds.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when one is no number; `ERR_OUT_OF_RANGE` when `events` is not above 0 or `ms` is NaN.
 */
export function per(events: number, ms: number): Limit {
  if (typeof events !== 'number') throw invalidType('events', 'a number', events)
  if (!(events > 0)) throw outOfRange('events', 'above 0', events)
  return every(ms / events)
}
