// Which strand of a goroutine does something. A generator goroutine has one. In the name of an async goroutine several
// may be at work: event handlers, calls that nobody awaits, the branches of `Promise.all`. One of them may hold a lock
// while another asks for it, and that is no deadlock. So a lock is held against a later one only if both are on the one
// line of awaits that ends at the goroutine's own function; of all others nothing is said.
import { type Calls, currentCalls } from '../runtime/calls.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import { currentSite } from '../runtime/site.ts'

/** Where in a goroutine something happened. */
export interface Place {
  readonly site: string | undefined
  /** The line of awaits; null for a generator goroutine itself. */
  readonly calls: Calls | null
}

const somewhere: Place = { site: undefined, calls: null }

/**
 * Where the caller is in the goroutine `record`; undefined if that does not wait for it. A stack is dear: a generator
 * goroutine needs none but for the site.
 */
export function currentPlace(record: GoroutineRecord, hasSite: boolean): Place | undefined {
  if (scheduler.current !== null) {
    if (scheduler.current.record !== record) return undefined
    return hasSite ? { site: currentSite(), calls: null } : somewhere
  }
  const calls = currentCalls(scheduler.starting === record)
  return calls.isAwaited && calls.functions.length > 0 ? { site: calls.site, calls } : undefined
}

/** Whether what was taken at `held` is held by whoever waits at `asked`: by that function, or by one that awaits it. */
export function isSameStrand(held: Place, asked: Place): boolean {
  if (held.calls === null || asked.calls === null) return held.calls === asked.calls
  return isWithin(held.calls, asked.calls)
}

/**
 * Whether the function that made `earlier` is at `now` still on the line of awaits. Not by a function that was called
 * just now: of the same name as one before, it is another call of it. Of the functions that had called it then, some may
 * have returned its promise and be gone.
 */
export function isWithin(earlier: Calls, now: Calls): boolean {
  const older = now.functions.slice(Math.max(0, now.running - 1))
  const start = older.lastIndexOf(earlier.functions[0]!)
  if (start < 0) return false
  let next = 1
  for (const name of older.slice(start + 1)) {
    while (next < earlier.functions.length && earlier.functions[next] !== name) next++
    if (next++ >= earlier.functions.length) return false
  }
  return true
}

/** Whether it is known only later if anybody awaits the function that is at this place. */
export function isUnconfirmed({ calls }: Place): boolean {
  return calls !== null && calls.running > 1
}
