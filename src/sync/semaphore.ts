// A weighted semaphore: golang.org/x/sync/semaphore.
//
// Invariants
// * Who waits first goes first: the head of the queue does not fit into what is free, or there is no head. So a large
//   request is not starved by small ones behind it.
// * A request for more than there is at all is in no queue: it must not block those who can be served.
// * Units are counted, not told apart. All guards of an older `#epoch` have been released: it ends when nothing is held.
import { requireInteger } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { fail, isInterrupted, neverEnding, type Operation, settle } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { isEnding, parkWith, refused } from './cancel.ts'
import type { Guard } from './locker.ts'

class SemaphoreGuard implements Guard {
  readonly #semaphore: Semaphore
  readonly #units: number
  readonly #epoch: number
  #isDisposed = false

  constructor(semaphore: Semaphore, units: number, epoch: number) {
    this.#semaphore = semaphore
    this.#units = units
    this.#epoch = epoch
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#semaphore.endHold(this.#units, this.#epoch)
  }
}

/** When the first in the queue gives up, those behind it may fit. */
class QueueWatch implements QueueObserver {
  readonly #semaphore: Semaphore

  constructor(semaphore: Semaphore) {
    this.#semaphore = semaphore
  }

  entered(): void {}

  left(): void {
    this.#semaphore.serve()
  }
}

/**
 * Units that goroutines acquire and release: a limit to how many of something happen at a time.
 *
 * *Ordering*: requests are served in the order in which they were made, whatever their size; what happened before a
 * `release` happens before the `acquire` that it lets go returns.
 * @example
 * const connections = new Semaphore(2)
 * async function query(): Promise<number> {
 *   using _ = await connections.acquire()
 *   return 42
 * }
 * console.log(await Promise.all([query(), query(), query()])) // [ 42, 42, 42 ]
 */
export class Semaphore {
  readonly #size: number
  #held = 0
  #epoch = 0
  #isServing = false
  readonly #waiters = new WaitQueue(new QueueWatch(this))

  /**
   * @param n how many units there are.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when `n` is not an integer of at least 0.
   */
  constructor(n: number) {
    requireInteger('n', n, 0)
    this.#size = n
  }

  /**
   * Acquires `n` units (1 unless told), and returns the guard that releases them: dispose it, or call `release`, but not
   * both.
   *
   * *Blocking*: until everybody who asked before has been served, and the units are free; for ever if there are not so
   * many. *Cancellation*: nothing is acquired, and those behind it may go.
   * @throws {ContextError} when `ctx` ends first. {@link PanicError} as the constructor.
   */
  acquire(n?: number, ctx?: Cancel): Operation<Guard>
  acquire(ctx: Cancel): Operation<Guard>
  acquire(n?: number | Cancel, ctx?: Cancel): Operation<Guard> {
    return typeof n === 'object' && n !== null ? this.#acquire(1, n) : this.#acquire(n ?? 1, ctx)
  }

  #acquire(n: number, ctx: Cancel | undefined): Operation<Guard> {
    if (isInterrupted()) return neverEnding(WaitReason.semacquire)
    try {
      requireInteger('n', n, 0)
    } catch (error) {
      return fail(error)
    }
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    if (this.#take(n)) return settle(new SemaphoreGuard(this, n, this.#epoch))
    const waiter = new Waiter(WaitReason.semacquire, undefined, n)
    if (n <= this.#size) this.#waiters.push(waiter)
    return parkWith(waiter, ctx)
  }

  /** Acquires `n` units (1 unless told) if they are free and nobody waits, and says whether it did: `release` them. */
  tryAcquire(n = 1): boolean {
    requireInteger('n', n, 0)
    return this.#take(n)
  }

  /**
   * Gives back `n` units (1 unless told).
   * @throws {PanicError} `ERR_SEMAPHORE_RELEASE` when fewer are held (none is released then), or as the constructor.
   */
  release(n = 1): void {
    requireInteger('n', n, 0)
    if (n > this.#held) throw new PanicError('ERR_SEMAPHORE_RELEASE')
    if (scheduler.hooks !== null) scheduler.hooks.operation('unlock', this, scheduler.currentRecord())
    this.#held -= n
    if (this.#held === 0) this.#epoch++
    if (!this.#waiters.isEmpty) this.serve()
  }

  #take(n: number): boolean {
    if (n > this.#size - this.#held || !this.#waiters.isEmpty) return false
    this.#held += n
    if (scheduler.hooks !== null) scheduler.hooks.operation('lock', this, scheduler.currentRecord())
    return true
  }

  /** @internal A guard is disposed. */
  endHold(n: number, epoch: number): void {
    if (epoch === this.#epoch && n <= this.#held) this.release(n)
  }

  /** @internal Lets those go that are first and fit. */
  serve(): void {
    // Each one that goes leaves the queue, which calls this again; so does one that is ending, as soon as it has.
    if (this.#isServing) return
    this.#isServing = true
    for (let next = this.#waiters.head; next !== null; next = this.#waiters.head) {
      const n = next.tag as number
      if (n > this.#size - this.#held || isEnding(next)) break
      this.#held += n
      if (scheduler.hooks !== null) scheduler.hooks.operation('lock', this, next.record ?? undefined)
      scheduler.wake(next, new SemaphoreGuard(this, n, this.#epoch), false)
    }
    this.#isServing = false
  }
}
