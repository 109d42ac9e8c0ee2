// Mutual exclusion, handed over in the order of asking.
//
// Invariants
// * `#hold` is 0 while the lock is free, and then nobody waits: `unlock` hands the lock to the first waiter in the same
//   step, so that nobody can come between.
// * Each hold has a number of its own. A guard knows the one it was given for, and releases only while that is `#hold`.
//   (A number and not the guard itself: a young object stored in an old one costs more than all the rest.)
import { PanicError } from '../errors/panic-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { isInterrupted, neverEnding, type Operation, settle } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from './cancel.ts'
import type { Guard, Locker } from './locker.ts'
import { noteAsk, noteRelease, noteTake, Owners } from './owners.ts'
import { markReacquiring, reacquire, reacquireOf, release } from './reacquire.ts'

class MutexGuard implements Guard {
  readonly #mutex: Mutex
  readonly #hold: number

  constructor(mutex: Mutex, hold: number) {
    this.#mutex = mutex
    this.#hold = hold
  }

  [Symbol.dispose](): void {
    if (this.#mutex.isHeldBy(this.#hold)) this.#mutex.unlock()
  }
}

/**
 * A lock that one goroutine holds at a time. It is not bound to the goroutine that locked it: another may unlock it.
 *
 * *Ordering*: the lock goes to those who wait in the order in which they asked, and nobody overtakes them; what the
 * holder did before `unlock` happens before the next `lock` returns. Locking it again while holding it blocks for ever.
 * @example
 * const mu = new Mutex()
 * let balance = 0
 * async function deposit(amount: number): Promise<void> {
 *   using _ = await mu.lock()
 *   const before = balance
 *   await gosched()
 *   balance = before + amount
 * }
 * await Promise.all([deposit(1), deposit(2)])
 * console.log(balance) // 3
 */
export class Mutex implements Locker {
  #hold = 0
  #lastHold = 0
  readonly #waiters = new WaitQueue()
  readonly #owners = new Owners('sync.Mutex')

  /**
   * Locks, and returns the guard that unlocks.
   *
   * *Blocking*: until the lock is free and everybody who asked before has had it. *Cancellation*: the lock is not taken;
   * a hand-over that came before the end of `ctx` wins.
   * @throws {ContextError} when `ctx` ends first.
   */
  lock(ctx?: Cancel): Operation<Guard> {
    if (isInterrupted()) return neverEnding(WaitReason.mutexLock)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    if (scheduler.hooks !== null) noteAsk(this.#owners, false, ctx)
    if (this.#hold !== 0) return this.#lockSlow(ctx)
    this.#take()
    return settle(new MutexGuard(this, this.#hold))
  }

  #lockSlow(ctx: Cancel | undefined): Operation<Guard> {
    const waiter = new Waiter(WaitReason.mutexLock, undefined, this.#owners)
    this.#waiters.push(waiter)
    return parkWith(waiter, ctx)
  }

  /** Locks if nobody holds the lock, and says whether it did. It gives no guard: `unlock` it. */
  tryLock(): boolean {
    if (this.#hold !== 0) return false
    this.#take()
    return true
  }

  /**
   * Unlocks, and hands the lock to whoever has waited longest.
   * @throws {PanicError} `ERR_UNLOCK_UNLOCKED` when it is not locked.
   */
  unlock(): void {
    if (this.#hold === 0) throw new PanicError('ERR_UNLOCK_UNLOCKED')
    if (scheduler.hooks !== null) {
      noteRelease(this.#owners, false, this.#owners.one)
      scheduler.hooks.operation('unlock', this, scheduler.currentRecord())
    }
    const next = this.#waiters.head
    if (next === null) {
      this.#hold = 0
      this.#owners.one = null
    } else {
      this.#handOver(next)
    }
  }

  #take(): void {
    this.#hold = ++this.#lastHold
    this.#owners.one = scheduler.currentRecord() ?? null
    if (scheduler.hooks !== null) {
      noteTake(this.#owners, false, this.#owners.one)
      scheduler.hooks.operation('lock', this, scheduler.currentRecord())
    }
  }

  #handOver(next: Waiter): void {
    const back = reacquireOf(next)
    const hold = back === null ? ++this.#lastHold : back.hold
    this.#hold = hold
    this.#owners.one = next.record
    if (scheduler.hooks !== null) {
      noteTake(this.#owners, false, next.record)
      scheduler.hooks.operation('lock', this, next.record ?? undefined)
    }
    if (back === null) scheduler.wake(next, new MutexGuard(this, hold), false)
    else scheduler.wake(next, back.error, back.failed)
  }

  /** @internal Whether this very hold has not ended. */
  isHeldBy(hold: number): boolean {
    return this.#hold === hold
  }

  /** @internal */
  [release](): number {
    const hold = this.#hold
    this.unlock()
    return hold
  }

  /** @internal */
  [reacquire](waiter: Waiter): void {
    if (this.#hold === 0) {
      this.#handOver(waiter)
      return
    }
    markReacquiring(waiter, WaitReason.mutexLock, this.#owners)
    this.#waiters.push(waiter)
  }
}
