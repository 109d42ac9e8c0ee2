// Doing something exactly once, and letting everybody else wait until it is done.
//
// Invariants
// * `#state` only goes from idle to running to done, and is done as soon as the function has ended, however it did.
// * Waiters are there only while the function runs. Its failure is for the caller on whose behalf it does, which has a
//   queue of its own: so nothing holds that caller when it has given up.
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, isInterrupted, neverEnding, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from './cancel.ts'
import { requireBody, startChild } from './child.ts'
import { noteAsk, noteTake, Owners } from './owners.ts'

/**
 * Runs one function, once.
 * @example
 * const once = new Once()
 * let count = 0
 * await Promise.all([once.do(() => void count++), once.do(() => void count++)])
 * console.log(count) // 1
 */
export class Once {
  #state: 'idle' | 'running' | 'done' = 'idle'
  readonly #first = new WaitQueue()
  readonly #others = new WaitQueue()
  readonly #owners = new Owners('sync.Once')

  /**
   * Runs `fn` in a goroutine of its own, if this is the first call; `fn` may be async, a generator function or plain.
   *
   * Whatever `fn` does, it counts as done when it ends. If it fails, the first call throws its error (that call ended by
   * `ctx`, it is a panic), and all others return; if it ends by `goexit`, so does the first caller.
   *
   * *Blocking*: until `fn` has ended, whoever called it first. So calling `do` again from `fn` blocks for ever.
   * *Cancellation*: only this wait ends; `fn` goes on. *Ordering*: all that `fn` did happens before any `do` returns.
   * @throws what `fn` throws, at the first call; {@link ContextError} when `ctx` ends first; {@link PanicError} `ERR_GO_NIL`
   * or `ERR_INVALID_ARG_TYPE` when `fn` is no function.
   */
  do(fn: () => GoroutineBody<unknown>, ctx?: Cancel): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.mutexLock)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    if (this.#state === 'done') return settleVoid()
    if (this.#state === 'idle') {
      try {
        requireBody(fn)
      } catch (error) {
        return fail(error)
      }
      this.#start(fn)
      return this.#wait(this.#first, ctx)
    }
    return this.#wait(this.#others, ctx)
  }

  #start(fn: () => GoroutineBody<unknown>): void {
    this.#state = 'running'
    this.#owners.one = startChild(fn, { ended: (failed, value) => this.#ended(failed, value) })
    if (scheduler.hooks !== null) noteTake(this.#owners, false, this.#owners.one)
  }

  #wait(queue: WaitQueue, ctx: Cancel | undefined): Operation<void> {
    if (scheduler.hooks !== null) noteAsk(this.#owners, false, ctx)
    const waiter = new Waiter(WaitReason.mutexLock, undefined, this.#owners)
    queue.push(waiter)
    return parkWith(waiter, ctx)
  }

  #ended(failed: boolean, value: unknown): boolean {
    this.#state = 'done'
    this.#owners.one = null
    const first = this.#first.head
    if (first !== null) scheduler.wake(first, failed ? value : undefined, failed)
    for (let next = this.#others.head; next !== null; next = this.#others.head) scheduler.wake(next, undefined, false)
    return first !== null
  }
}
