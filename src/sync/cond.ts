// Waiting, under a lock, until somebody says that something has changed: Go's sync.Cond.
//
// A signalled waiter is not woken: it moves to the queue of its lock and is woken by getting it (reacquire.ts), so that
// the lock is held when `wait` returns, in both styles, without a function that would run in between.
//
// Invariants
// * A CondWaiter is in `#waiters`, or in the queue of its lock, or done. Who takes it out of `#waiters` (a signal, the end
//   of its context) moves it on in the same step: it is counted once, and a signal never goes to one that has given up.
// * The lock is given up in the step that queues the waiter: no signal comes between.
import { invalidType } from '../errors/argument.ts'
import { type Cancel, cancelSourceOf } from '../runtime/cancel-source.ts'
import { fail, isInterrupted, neverEnding, type Operation, park } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { refused } from './cancel.ts'
import { CondWaiter } from './cond-waiter.ts'
import { ForeignLock } from './foreign-lock.ts'
import type { Locker } from './locker.ts'
import { type ReacquirableLock, reacquire, release } from './reacquire.ts'

/**
 * A meeting point for goroutines that wait for a change of what a lock protects. The caller of `wait` holds the lock, and
 * holds it again when `wait` returns; it then looks again, since others may have been faster:
 * `while (!ready) await cond.wait()`. A channel often does the same with less care.
 *
 * *Ordering*: `signal` wakes who has waited longest. It need not hold the lock; then the change must be visible before.
 * @example
 * const mu = new Mutex()
 * const cond = new Cond(mu)
 * const queue: string[] = []
 * const taken = go(async () => {
 *   using _ = await mu.lock()
 *   while (queue.length === 0) await cond.wait()
 *   return queue.shift()
 * })
 * queue.push('letter')
 * cond.signal()
 * console.log(await taken.join()) // letter
 */
export class Cond {
  /** The lock to hold around `wait`. */
  readonly locker: Locker
  readonly #lock: ReacquirableLock
  readonly #waiters = new WaitQueue()

  /**
   * @param locker a Mutex, a RWMutex (for writing) or its `rLocker()`; or any other {@link Locker}, if it lets a goroutine
   * other than the holder unlock, and lock on another's behalf: it is locked again by a goroutine of its own, and a guard
   * from before the wait does not know of that.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it has no `lock` and `unlock`.
   */
  constructor(locker: Locker) {
    if (typeof locker?.lock !== 'function' || typeof locker.unlock !== 'function') {
      throw invalidType('locker', 'a Locker', locker)
    }
    this.locker = locker
    this.#lock = reacquire in locker ? (locker as unknown as ReacquirableLock) : new ForeignLock(locker)
  }

  /**
   * Unlocks, waits for `signal` or `broadcast`, and locks again. A guard of the lock guards it again then.
   *
   * *Blocking*: until it is woken and has the lock again. *Cancellation*: when `ctx` ends, or the goroutine is killed, it
   * locks again first, and then throws or unwinds, so that `finally` finds the lock as it expects; that wait for the lock
   * cannot be cancelled. A signal that came before is not lost: the wait returns in spite of the end of `ctx`, and for a
   * killed goroutine the signal goes to the next who waits.
   * @throws {ContextError} when `ctx` ends first, or {@link PanicError} `ERR_UNLOCK_UNLOCKED` (or the RWMutex's) when the
   * lock is not locked: nothing is unlocked then.
   */
  wait(ctx?: Cancel): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.condWait)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    const waiter = new CondWaiter(this, this.#lock)
    this.#waiters.push(waiter)
    try {
      waiter.back.hold = this.#lock[release]()
    } catch (error) {
      this.#waiters.remove(waiter)
      return fail(error)
    }
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null) waiter.endWith(source)
    return park(waiter)
  }

  /** Wakes the goroutine that has waited longest, if any. */
  signal(): void {
    if (scheduler.hooks !== null) scheduler.hooks.operation('signal', this, scheduler.currentRecord())
    const first = this.#waiters.head as CondWaiter | null
    if (first !== null) first.signal()
  }

  /** Wakes all who wait now. */
  broadcast(): void {
    if (scheduler.hooks !== null) scheduler.hooks.operation('broadcast', this, scheduler.currentRecord())
    for (let next = this.#waiters.head; next !== null; next = this.#waiters.head) (next as CondWaiter).signal()
  }
}
