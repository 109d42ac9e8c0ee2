// Goroutines that have not ended and perhaps never will.
import { invalidType } from '../errors/argument.ts'
import type { GoroutineRecord as RuntimeRecord } from '../runtime/goroutine-record.ts'
import { formatLeft } from '../runtime/leak-report.ts'
import { proveLeaks } from '../runtime/prove-leaks.ts'
import { scheduler } from '../runtime/runtime.ts'
import { isParked, WaitReason } from '../runtime/wait-reason.ts'
import { type GoroutineRecord, snapshot } from './goroutines.ts'

/** A goroutine that has not ended. */
export interface Leak {
  /** The garbage collector has proved that it can never run again; else it has merely not ended yet. */
  readonly proven: boolean
  readonly goroutine: GoroutineRecord
}

/**
 * The goroutines that wait for others: those that can never run again, `proven` by the garbage collector, and those that
 * are merely parked, on a channel or a lock that something still reaches. Ones that sleep, or wait for a promise of
 * another origin, are not listed unless they are proven.
 *
 * The first call turns tracking on: what started before can be listed, but not proven (`WARREN_LEAKS=1` tracks from the
 * start). A handle that is kept hides the leak of a generator goroutine, since it can be killed through it. Each call
 * collects all garbage at least twice, which takes some 10 to 100 milliseconds; where that cannot be forced (browsers),
 * only what has been collected by chance is proven.
 * @example
 * await leaks()
 * go(function* forgotten() {
 *   yield* chan<number>().receive()
 * })
 * const leak = (await leaks()).find(({ goroutine }) => goroutine.name === 'forgotten')
 * console.log(leak?.proven, leak?.goroutine.state) // true chan receive
 */
export async function leaks(): Promise<Leak[]> {
  await proveLeaks(scheduler)
  return unended()
    .filter(({ record, proven }) => proven || waitsForOthers(record))
    .map(toLeak)
}

/**
 * What the goroutines in `leaks` are blocked on, in the form of Go's dumps, as groups with a count. Without a newline at its
 * end.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `leaks` is no array.
 */
export function formatLeaks(leaks: readonly Leak[]): string {
  if (!Array.isArray(leaks)) throw invalidType('leaks', 'an array of leaks', leaks)
  return formatLeft(leaks)
}

/** @internal A goroutine that has not ended, and whether it is proven that it never will. */
export interface Unended {
  readonly record: RuntimeRecord
  readonly proven: boolean
}

/** @internal All of them but the program's top level, oldest first. */
export function unended(): Unended[] {
  const proven = scheduler.leaks?.proven
  return [...scheduler.table]
    .sort((a, b) => a.id - b.id)
    .map((record) => ({ record, proven: proven?.has(record) === true }))
}

/** @internal */
export function toLeak({ record, proven }: Unended): Leak {
  return { proven, goroutine: snapshot(record, scheduler.currentRecord()) }
}

function waitsForOthers({ kind, reason }: RuntimeRecord): boolean {
  return kind !== 'main' && isParked(reason) && reason !== WaitReason.sleep && reason !== WaitReason.io
}
