// Functions that are run once and remember what came of it: Go's sync.OnceFunc and sync.OnceValue.
//
// Invariant: the function is let go of when it has ended, so that what it holds may be garbage.
import { requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, isInterrupted, neverEnding, type Operation, settle } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from './cancel.ts'
import { type Parent, startChild } from './child.ts'
import { noteAsk, noteTake, Owners } from './owners.ts'

class OnceCell<T> implements Parent {
  #fn: (() => GoroutineBody<T>) | null
  #state: 'idle' | 'running' | 'done' | 'failed' = 'idle'
  #value: unknown = undefined
  readonly #waiters = new WaitQueue()
  readonly #owners = new Owners('sync.Once')

  constructor(fn: () => GoroutineBody<T>) {
    this.#fn = fn
  }

  get(ctx: Cancel | undefined): Operation<T> {
    if (isInterrupted()) return neverEnding(WaitReason.mutexLock)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    if (this.#state === 'done') return settle(this.#value as T)
    if (this.#state === 'failed') return fail(this.#value)
    const waiter = new Waiter(WaitReason.mutexLock, undefined, this.#owners)
    if (this.#state === 'idle') {
      this.#state = 'running'
      this.#owners.one = startChild(this.#fn!, this)
      if (scheduler.hooks !== null) noteTake(this.#owners, false, this.#owners.one)
    }
    if (scheduler.hooks !== null) noteAsk(this.#owners, false, ctx)
    this.#waiters.push(waiter)
    return parkWith(waiter, ctx)
  }

  ended(failed: boolean, value: unknown): boolean {
    this.#fn = null
    // An error retains the functions of its stack, `fn` among them, until that has been formatted.
    if (value instanceof Error) void value.stack
    this.#state = failed ? 'failed' : 'done'
    this.#value = value
    this.#owners.one = null
    for (let next = this.#waiters.head; next !== null; next = this.#waiters.head) scheduler.wake(next, value, failed)
    return true
  }
}

/**
 * A function that runs `fn` in a goroutine of its own at its first call, and waits for it at every call.
 *
 * If `fn` fails, every call throws its error. *Blocking*: until `fn` has ended. *Cancellation*: only that call's wait ends.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `fn` is not a function.
 * @example
 * let connections = 0
 * const connect = onceFunc(async () => void connections++)
 * await Promise.all([connect(), connect()])
 * console.log(connections) // 1
 */
export function onceFunc(fn: () => GoroutineBody<void>): (ctx?: Cancel) => Operation<void> {
  return onceValue(fn)
}

/**
 * {@link onceFunc} for a function with a result: every call returns what the only one of `fn` returned.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `fn` is not a function.
 * @example
 * const config = onceValue(async () => ({ port: 80 }))
 * console.log((await config()).port) // 80
 * console.log((await config()) === (await config())) // true
 */
export function onceValue<T>(fn: () => GoroutineBody<T>): (ctx?: Cancel) => Operation<T> {
  requireFunction('fn', fn)
  const cell = new OnceCell(fn)
  return (ctx) => cell.get(ctx)
}
