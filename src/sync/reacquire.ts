// How a Cond gets a lock back for a goroutine that waits: the waiter itself moves from the Cond's queue to the lock's.
// So nobody is woken only to block again (wait morphing), and no function runs in between.
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import type { Waiter } from '../runtime/waiter.ts'
import type { Owners } from './owners.ts'

/** The tag of a waiter that gets back what it held. Its reason is `condWait`, in the lock's queue too. */
export class Reacquire {
  /** The number of the hold, given up and taken back as it was: the guard that the user has goes on guarding. */
  hold = 0
  failed = false
  /** What the wait throws when it holds the lock again, if it has failed. */
  error: unknown = undefined
}

/** Unlocks, and returns the number of the hold that was given up. Throws when it is not locked. */
export const release: unique symbol = Symbol('release')

/** Takes the lock for a waiter with a {@link Reacquire}, and wakes it: now, or when its turn comes. */
export const reacquire: unique symbol = Symbol('reacquire')

/** What a Cond needs of a lock. */
export interface ReacquirableLock {
  [release](): number
  [reacquire](waiter: Waiter): void
}

/** What a waiter needs to get its lock back; null for one that waits for the lock only. */
export function reacquireOf(waiter: Waiter): Reacquire | null {
  return waiter.reason === WaitReason.condWait ? (waiter.tag as Reacquire) : null
}

/** The waiter goes into the queue of a lock: a dump shows what its goroutine now waits for. */
export function markReacquiring(waiter: Waiter, reason: WaitReason, owners: Owners): void {
  const { record } = waiter
  if (record === null || record.reason !== WaitReason.condWait) return
  if (scheduler.hooks !== null) scheduler.hooks.ready(record, scheduler.currentRecord())
  record.reason = reason
  record.waitsFor = owners
  if (scheduler.hooks !== null) scheduler.hooks.park(record, reason, false)
}
