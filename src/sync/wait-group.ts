// Waiting for a number of things to be done.
//
// Invariant: nobody waits while the counter is zero. The step in which it becomes zero releases all who wait, so that
// Go's two panics about a reuse that comes too early (between those two) have no place here.
import { invalidType, outOfRange } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { isInterrupted, neverEnding, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from './cancel.ts'
import { type Parent, requireBody, startChild } from './child.ts'

/** What a group's goroutines report to. */
class Member implements Parent {
  readonly #group: WaitGroup

  constructor(group: WaitGroup) {
    this.#group = group
  }

  ended(): boolean {
    this.#group.done()
    return false
  }
}

/**
 * Waits for a collection of goroutines to finish.
 * @example
 * const wg = new WaitGroup()
 * let sum = 0
 * for (const n of [1, 2, 3]) {
 *   wg.go(async () => {
 *     sum += n
 *   })
 * }
 * await wg.wait()
 * console.log(sum) // 6
 */
export class WaitGroup {
  #count = 0
  readonly #waiters = new WaitQueue()
  #parent: Parent | null = null

  /**
   * Adds `n`, which may be negative, to the counter. When it becomes zero, all who wait are released.
   * @throws {PanicError} `ERR_WAITGROUP_NEGATIVE` when the counter would become negative (it is left as it is);
   * `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when `n` is not an integer.
   */
  add(n: number): void {
    if (!Number.isSafeInteger(n)) {
      throw typeof n === 'number' ? outOfRange('n', 'an integer', n) : invalidType('n', 'a number', n)
    }
    const count = this.#count + n
    if (count < 0) throw new PanicError('ERR_WAITGROUP_NEGATIVE')
    this.#count = count
    if (scheduler.hooks !== null && n < 0) scheduler.hooks.order?.(scheduler.currentRecord(), this)
    if (count === 0) this.#release()
  }

  /**
   * Takes one from the counter: something is done.
   * @throws {PanicError} `ERR_WAITGROUP_NEGATIVE` when it is zero already.
   */
  done(): void {
    this.add(-1)
  }

  /**
   * Waits until the counter is zero.
   *
   * *Blocking*: until everything that was added is done; not at all when the counter is zero. *Cancellation*: only the wait
   * ends. *Ordering*: everything before a `done` happens before the `wait` that it releases returns.
   * @throws {ContextError} when `ctx` ends first.
   */
  wait(ctx?: Cancel): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.waitGroupWait)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    if (this.#count === 0) {
      if (scheduler.hooks !== null) scheduler.hooks.order?.(this, scheduler.currentRecord())
      return settleVoid()
    }
    const waiter = new Waiter(WaitReason.waitGroupWait, undefined, undefined)
    this.#waiters.push(waiter)
    return parkWith(waiter, ctx)
  }

  /**
   * Runs `fn` as a goroutine that the group waits for: `add(1)`, and `done` when it has ended, however it did. An error of
   * `fn` is a panic: nobody joins it. `fn` may be async, a generator function or plain.
   * @throws {PanicError} `ERR_GO_NIL` or `ERR_INVALID_ARG_TYPE` when `fn` is no function.
   */
  go(fn: () => GoroutineBody<unknown>): void {
    requireBody(fn)
    this.add(1)
    this.#parent ??= new Member(this)
    startChild(fn, this.#parent)
  }

  #release(): void {
    for (let waiter = this.#waiters.head; waiter !== null; waiter = this.#waiters.head) {
      if (scheduler.hooks !== null) scheduler.hooks.order?.(this, waiter.record)
      scheduler.wake(waiter, undefined, false)
    }
  }
}
