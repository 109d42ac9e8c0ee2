// One call, several attempts at it: the first success is its result, and ends the others.
//
// Invariants
// * The caller's waiter stands in `#callers` exactly until the call is over. Whatever ends the wait (a result, the context, a
//   kill) makes it leave, and that ends the attempts.
// * `#caller` is set exactly while nothing has ended the call.
// * `errors[i]` is set when attempt i has failed.
import { deriveScope } from '../context/derive-scope.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSourceOf } from '../runtime/cancel-source.ts'
import { exiting } from '../runtime/goexit.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, isInterrupted, neverEnding, type Operation } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith } from '../sync/cancel.ts'
import { Child, type Parent } from '../sync/child.ts'
import { AllFailedError } from './all-failed-error.ts'

/** What is tried: the i-th time, counted from 0, under a context that ends when it is no longer needed. */
export type Replica<T> = (ctx: Context, i: number) => GoroutineBody<T>

/** Runs a race, if the call can be made at all; `make` throws what is wrong with its arguments. */
export function runRace<T>(make: () => Race<T>, ctx: Cancel | undefined): Operation<T> {
  if (isInterrupted()) return neverEnding(WaitReason.join)
  const error = ctx === undefined ? undefined : cancelSourceOf(ctx)?.error
  if (error !== undefined) return fail(error)
  let race: Race<T>
  try {
    race = make()
  } catch (error) {
    return fail(error)
  }
  return race.run(ctx)
}

export abstract class Race<T> implements QueueObserver {
  /** How many attempts were started. */
  protected started = 0
  readonly #scope: CancelableContext
  readonly #attempts: readonly Child[]
  readonly #errors: unknown[] = []
  readonly #callers = new WaitQueue(this)
  #caller: Waiter | null = null
  #running = 0

  constructor(max: number, fn: Replica<T>, ctx: Cancel | undefined) {
    this.#scope = deriveScope(ctx)
    // All of them now: a timer that starts one later knows nothing of who called.
    this.#attempts = Array.from({ length: max }, (_, i) => this.#prepare(fn, i))
  }

  /** Starts what is to be started at once. */
  protected abstract begin(): void

  /** Attempt i has failed, and the call is not over; says whether it is with that. */
  protected abstract attemptFailed(i: number, error: unknown): boolean

  /** Attempt i has its result. */
  protected attemptSucceeded(_i: number): void {}

  /** The call is over, while some of its attempts may still run. */
  protected over(): void {}

  run(ctx: Cancel | undefined): Operation<T> {
    const waiter = new Waiter(WaitReason.join, undefined, undefined)
    this.#caller = waiter
    this.#callers.push(waiter)
    this.begin()
    return parkWith(waiter, ctx)
  }

  protected get isOver(): boolean {
    return this.#callers.isEmpty
  }

  protected startNext(): void {
    this.#running++
    this.#attempts[this.started++]!.start()
  }

  entered(): void {}

  left(): void {
    const caller = this.#caller
    this.#caller = null
    this.over()
    if (caller === null) return
    // It has given up. The end of the scope runs the user's abort listeners: nothing they do may reach a caller that is just leaving.
    caller.unlink()
    this.#scope.cancel()
  }

  #prepare(fn: Replica<T>, i: number): Child {
    const parent: Parent = {
      ended: (failed, value) => {
        this.#attemptEnded(i, failed, value)
        return true // an error is for the caller, or for nobody
      },
    }
    const child = new Child(() => fn(this.#scope, i), parent)
    child.name = fn.name
    child.defer()
    return child
  }

  #attemptEnded(i: number, failed: boolean, value: unknown): void {
    this.#running--
    if (this.isOver) return
    if (!failed) {
      this.attemptSucceeded(i)
      this.#conclude(false, value)
      return
    }
    const error = value === exiting ? exitedEarly(i) : value
    this.#errors[i] = error
    let isFinal: boolean
    try {
      isFinal = this.attemptFailed(i, error)
    } catch (thrown) {
      this.#conclude(true, thrown)
      return
    }
    if (isFinal) this.#conclude(true, error)
    else if (this.#running === 0) this.#conclude(true, new AllFailedError(this.#errors))
  }

  #conclude(failed: boolean, value: unknown): void {
    const caller = this.#caller!
    this.#caller = null
    if (scheduler.hooks !== null) scheduler.hooks.order?.(scheduler.currentRecord(), caller.record)
    scheduler.wake(caller, value, failed)
    this.#scope.cancel()
  }
}

function exitedEarly(i: number): PanicError {
  return new PanicError('ERR_INVALID_OPERATION', { message: `attempt ${i} ended by goexit, without a result` })
}
