// Goroutines that do parts of one task: golang.org/x/sync/errgroup.
//
// Invariants
// * Who waits in `#starters` does so because `limit` children are running; the end of one starts the next.
// * Nobody waits in `#waiters` while no child is running.
// * The context ends with the first failure, or when a wait finds everything done.

import { deriveScope, isCancel } from '../context/derive-scope.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import { requireInteger, requireObject } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { exiting } from '../runtime/goexit.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, isInterrupted, neverEnding, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from './cancel.ts'
import { Child, type Parent, requireBody } from './child.ts'

export interface GroupOptions {
  /** How many of the group's goroutines run at a time, at most; none does for 0; no limit if negative, or unless told. */
  readonly limit?: number | undefined
}

/** The tag of a waiter that needs no error that somebody else was given. */
const leaves: unique symbol = Symbol('leaves')

class Members implements Parent {
  readonly #group: Group

  constructor(group: Group) {
    this.#group = group
  }

  ended(failed: boolean, value: unknown): boolean {
    this.#group.childEnded(failed && value !== exiting, value)
    return true
  }
}

/**
 * Runs goroutines that work on one task: it waits for all of them, and when one fails it tells the others to stop.
 *
 * With `await using` no goroutine of the group outlives the block. It waits for them and does not cancel them, whether the
 * block was left by an exception or not: call `cancel` for that.
 * @example
 * await using group = new Group()
 * const pages: string[] = []
 * for (const name of ['a', 'b']) await group.go(async () => void pages.push(name))
 * await group.wait()
 * console.log(pages) // [ 'a', 'b' ]
 */
export class Group {
  /** Ends when one of the group's goroutines fails, when `wait` has ended, or with the context the group was made from. */
  readonly ctx: Context
  readonly #scope: CancelableContext
  readonly #limit: number
  readonly #members = new Members(this)
  readonly #starters = new WaitQueue()
  readonly #waiters = new WaitQueue()
  #running = 0
  #hasFailed = false
  #error: unknown = undefined
  #isReported = false

  /**
   * @param ctx what the group's context is derived from; a background context unless told.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE` when the limit is not an integer.
   */
  constructor(ctx?: Context | AbortSignal, options?: GroupOptions)
  constructor(options: GroupOptions)
  constructor(first?: Context | AbortSignal | GroupOptions, second?: GroupOptions) {
    const hasContext = isCancel(first) || second !== undefined
    const options = hasContext ? second : (first as GroupOptions | undefined)
    if (options !== undefined) requireObject('options', options)
    this.#limit = limitOf(options?.limit)
    this.#scope = deriveScope(hasContext ? (first as Context | AbortSignal | undefined) : undefined)
    this.ctx = this.#scope
  }

  /**
   * Starts `fn` as a goroutine of the group, and returns when it is started. `fn` is given the group's context; it may be
   * async, a generator function or plain. If it fails, and is the first to do so, `wait` throws its error and the context
   * ends with that as its cause.
   *
   * *Blocking*: while as many as the limit are running. *Cancellation*: `fn` is not started. *Ordering*: those who wait
   * are started in the order of their calls.
   * @throws {ContextError} when `ctx` ends first; {@link PanicError} `ERR_GO_NIL` or `ERR_INVALID_ARG_TYPE` when `fn` is no
   * function.
   */
  go(fn: (ctx: Context) => GoroutineBody<unknown>, ctx?: Cancel): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.semacquire)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    try {
      if (this.tryGo(fn)) return settleVoid()
    } catch (error) {
      return fail(error)
    }
    const child = this.#createChild(fn)
    child.defer()
    const waiter = new Waiter(WaitReason.semacquire, undefined, child)
    this.#starters.push(waiter)
    return parkWith(waiter, ctx)
  }

  /**
   * Starts `fn` as {@link go} does, unless as many as the limit are running; says whether it did.
   * @throws {PanicError} `ERR_GO_NIL` or `ERR_INVALID_ARG_TYPE` when `fn` is no function.
   */
  tryGo(fn: (ctx: Context) => GoroutineBody<unknown>): boolean {
    requireBody(fn)
    if (this.#running >= this.#limit) return false
    this.#running++
    this.#createChild(fn).start()
    return true
  }

  /**
   * Waits for all of the group's goroutines, and ends the group's context.
   *
   * *Blocking*: until none is running, those included that wait to be started. *Cancellation*: only the wait ends, not the goroutines.
   * *Ordering*: all that they did happens before it returns.
   * @throws the error of the first goroutine that failed; {@link ContextError} when `ctx` ends first.
   */
  wait(ctx?: Cancel): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.waitGroupWait)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    return this.#waitFor(undefined, ctx)
  }

  /** Ends the group's context: asks its goroutines to stop. They are waited for as before. */
  cancel(cause?: unknown): void {
    this.#scope.cancel(cause)
  }

  /** Waits as {@link wait} does; it throws the error only if no `wait` has thrown it. */
  [Symbol.asyncDispose](): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.waitGroupWait)
    return this.#waitFor(leaves, undefined)
  }

  #waitFor(tag: typeof leaves | undefined, ctx: Cancel | undefined): Operation<void> {
    if (this.#running === 0) {
      if (scheduler.hooks !== null) scheduler.hooks.order?.(this, scheduler.currentRecord())
      this.#scope.cancel(this.#error)
      if (!this.#mustThrow(tag)) return settleVoid()
      this.#isReported = true
      return fail(this.#error)
    }
    const waiter = new Waiter(WaitReason.waitGroupWait, undefined, tag)
    this.#waiters.push(waiter)
    return parkWith(waiter, ctx)
  }

  #mustThrow(tag: unknown): boolean {
    return this.#hasFailed && !(tag === leaves && this.#isReported)
  }

  #createChild(fn: (ctx: Context) => GoroutineBody<unknown>): Child {
    const child = new Child(() => fn(this.ctx), this.#members)
    child.name = fn.name
    return child
  }

  /** @internal */
  childEnded(failed: boolean, error: unknown): void {
    this.#running--
    if (scheduler.hooks !== null) scheduler.hooks.order?.(scheduler.currentRecord(), this)
    if (failed && !this.#hasFailed) {
      this.#hasFailed = true
      this.#error = error
      this.#scope.cancel(error)
    }
    const next = this.#starters.head
    if (next !== null) {
      this.#running++
      ;(next.tag as Child).start()
      scheduler.wake(next, undefined, false)
    }
    if (this.#running === 0) this.#release()
  }

  #release(): void {
    if (this.#waiters.isEmpty) return
    this.#scope.cancel(this.#error)
    for (let next = this.#waiters.head; next !== null; next = this.#waiters.head) {
      const failed = this.#mustThrow(next.tag)
      if (failed) this.#isReported = true
      if (scheduler.hooks !== null) scheduler.hooks.order?.(this, next.record)
      scheduler.wake(next, failed ? this.#error : undefined, failed)
    }
  }
}

function limitOf(limit: number | undefined): number {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  requireInteger('limit', limit, Number.MIN_SAFE_INTEGER)
  return limit < 0 ? Number.POSITIVE_INFINITY : limit
}
