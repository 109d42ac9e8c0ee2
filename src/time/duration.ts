// Durations are milliseconds, fractions included; a point on a clock's scale is `now() + duration`.
import type { Clock } from '../runtime/clock.ts'

export const Millisecond = 1
export const Second = 1000
export const Minute = 60_000
export const Hour = 3_600_000

/** Infinite durations end here, some 285,000 years away: a timer with a due time of infinity would never be armed. */
const farthest = Number.MAX_SAFE_INTEGER

/** The point `ms` from now on `clock`. */
export function dueIn(clock: Clock, ms: number): number {
  return Math.min(clock.now() + ms, farthest)
}
