// Mutual exclusion, handed over in the order of asking.
//
// Invariants
// * `#hold` is null while the lock is free, and then nobody waits: `unlock` hands the lock to the first waiter in the
//   same step, so that nobody can come between.
// * Each hold is another object: the guard that `lock` gave, or `unguarded`. A guard releases only while it is `#hold`.
import { PanicError } from '../errors/panic-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { isInterrupted, neverEnding, type Operation, settle } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from './cancel.ts'
import { type Guard, type Locker, unguarded } from './locker.ts'
import { Owners } from './owners.ts'
import { formerHold, markReacquiring, reacquire, release, wakeHolder } from './reacquire.ts'

class MutexGuard implements Guard {
  readonly #mutex: Mutex

  constructor(mutex: Mutex) {
    this.#mutex = mutex
  }

  [Symbol.dispose](): void {
    if (this.#mutex.isHeldBy(this)) this.#mutex.unlock()
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
  #hold: Guard | null = null
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
    if (this.#hold !== null) return this.#lockSlow(ctx)
    const guard = new MutexGuard(this)
    this.#take(guard)
    return settle(guard)
  }

  #lockSlow(ctx: Cancel | undefined): Operation<Guard> {
    const waiter = new Waiter(WaitReason.mutexLock, undefined, this.#owners)
    this.#waiters.push(waiter)
    return parkWith(waiter, ctx)
  }

  /** Locks if nobody holds the lock, and says whether it did. It gives no guard: `unlock` it. */
  tryLock(): boolean {
    if (this.#hold !== null) return false
    this.#take(unguarded)
    return true
  }

  /**
   * Unlocks, and hands the lock to whoever has waited longest.
   * @throws {PanicError} `ERR_UNLOCK_UNLOCKED` when it is not locked.
   */
  unlock(): void {
    if (this.#hold === null) throw new PanicError('ERR_UNLOCK_UNLOCKED')
    if (scheduler.hooks !== null) scheduler.hooks.operation('unlock', this, scheduler.currentRecord())
    const next = this.#waiters.head
    if (next === null) {
      this.#hold = null
      this.#owners.one = null
    } else {
      this.#handOver(next)
    }
  }

  #take(hold: Guard): void {
    this.#hold = hold
    this.#owners.one = scheduler.currentRecord() ?? null
    if (scheduler.hooks !== null) scheduler.hooks.operation('lock', this, scheduler.currentRecord())
  }

  #handOver(next: Waiter): void {
    const hold = formerHold(next) ?? new MutexGuard(this)
    this.#hold = hold
    this.#owners.one = next.record
    if (scheduler.hooks !== null) scheduler.hooks.operation('lock', this, next.record ?? undefined)
    wakeHolder(next, hold)
  }

  /** @internal Whether the lock is held, by this very hold. */
  isHeldBy(hold: Guard): boolean {
    return this.#hold === hold
  }

  /** @internal */
  [release](): Guard {
    const hold = this.#hold
    this.unlock()
    return hold!
  }

  /** @internal */
  [reacquire](waiter: Waiter): void {
    if (this.#hold === null) {
      this.#handOver(waiter)
      return
    }
    markReacquiring(waiter, WaitReason.mutexLock, this.#owners)
    this.#waiters.push(waiter)
  }
}
