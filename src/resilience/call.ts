// One call of a user's function on behalf of somebody who waits for it.
//
// Invariants
// * The function runs under a context of its own, below the caller's. It ends when the function has, or when the caller
//   gives up, whether by its context or because it is killed: so what was called is always told to stop.
// * `#caller` is set exactly while the caller waits in `#callers`.
import { withTimeout } from '../context/derive.ts'
import { deriveScope } from '../context/derive-scope.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, isInterrupted, neverEnding, type Operation } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from '../sync/cancel.ts'
import { Child, type Parent, requireBody } from '../sync/child.ts'

/** A function that is called under a context. It may be async, a generator function or plain. */
export type Callee<T> = (ctx: Context) => GoroutineBody<T>

/** Told of a call what its caller need not know. */
export interface CallObserver {
  /** The function has ended; `isLate`: its caller had given up before. What it throws becomes the outcome. */
  ended(failed: boolean, value: unknown, isLate: boolean): void
  /** The caller has given up while the function runs, because of `error`; killed, if there is none. Must not throw. */
  abandoned(error: unknown): void
}

export interface CallOptions {
  readonly observer?: CallObserver | undefined
  /** Of the goroutine; that of the function unless told. */
  readonly name?: string | undefined
  /** The context of the function has a deadline that is so many milliseconds away. */
  readonly timeoutMs?: number | undefined
}

export class Call<T> implements Parent, QueueObserver {
  readonly #child: Child
  readonly #ctx: Cancel | undefined
  readonly #options: CallOptions
  readonly #callers = new WaitQueue(this)
  #caller: Waiter | null = null
  /** The context of the function, and what it stands on: that ends with the call, and the function's with it. */
  #scope: CancelableContext | null = null
  #base: CancelableContext | null = null
  #hasEnded = false

  /** Nothing runs before `run` or `start`. */
  constructor(fn: Callee<T>, ctx: Cancel | undefined, options: CallOptions) {
    this.#child = new Child(() => fn(this.#scope!), this)
    this.#child.name = options.name ?? fn.name
    this.#ctx = ctx
    this.#options = options
  }

  /** Starts the function, and waits until it has ended. It is not called when there is no time for it. */
  run(): Operation<T> {
    const scope = this.#openScope()
    const { err } = scope
    if (err !== undefined) {
      this.#closeScope()
      return fail(err)
    }
    const waiter = new Waiter(WaitReason.join, undefined, undefined)
    this.#begin(waiter)
    return parkWith(waiter, scope)
  }

  /** It will be started by somebody else: it keeps the asynchronous context of now. */
  defer(): void {
    this.#child.defer()
  }

  /** Starts the function; `waiter`, which is in no queue, waits for it from now on. */
  start(waiter: Waiter): void {
    this.#openScope()
    this.#begin(waiter)
  }

  #begin(waiter: Waiter): void {
    this.#caller = waiter
    this.#callers.push(waiter)
    this.#child.start()
  }

  ended(failed: boolean, value: unknown): boolean {
    this.#hasEnded = true
    const caller = this.#caller
    let outcome = value
    let hasFailed = failed
    try {
      this.#options.observer?.ended(failed, value, caller === null)
    } catch (error) {
      outcome = error
      hasFailed = true
    }
    if (caller !== null) {
      if (scheduler.hooks !== null) scheduler.hooks.order?.(scheduler.currentRecord(), caller.record)
      scheduler.wake(caller, outcome, hasFailed)
    }
    this.#closeScope()
    // An error is a result like another: without anybody left to take it, it is dropped.
    return true
  }

  entered(): void {}

  left(): void {
    const caller = this.#caller!
    this.#caller = null
    if (this.#hasEnded) return
    // The end of the scope runs the user's abort listeners: nothing they do may reach a caller that is just leaving.
    caller.unlink()
    this.#options.observer?.abandoned(this.#scope!.err)
    this.#closeScope()
  }

  #openScope(): CancelableContext {
    const { timeoutMs } = this.#options
    this.#base = deriveScope(this.#ctx)
    this.#scope = timeoutMs === undefined ? this.#base : withTimeout(this.#base, timeoutMs)
    return this.#scope
  }

  #closeScope(): void {
    this.#base!.cancel()
  }
}

/** The operation with which a call of `fn` under `ctx` is refused; null when it may begin. */
export function refusedCall(fn: unknown, ctx: Cancel | undefined): Operation<never> | null {
  if (isInterrupted()) return neverEnding(WaitReason.join)
  try {
    requireBody(fn)
  } catch (error) {
    return fail(error)
  }
  return ctx === undefined ? null : refused(ctx)
}

/** Calls `fn` in a goroutine of its own, and waits until it has ended. */
export function call<T>(fn: Callee<T>, ctx: Cancel | undefined, options: CallOptions): Operation<T> {
  return refusedCall(fn, ctx) ?? new Call(fn, ctx, options).run()
}
