// Calls for the same thing at the same time become one: golang.org/x/sync/singleflight.
//
// Invariant: a call is in the map from its start until it ends or is forgotten; one that was forgotten still answers
// those who joined it before.
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, isInterrupted, neverEnding, type Operation } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith, refused } from './cancel.ts'
import { type Parent, requireBody, startChild } from './child.ts'

/** What came of a call, and whether more than one caller asked for it. */
export interface Flight<V> {
  readonly value: V
  readonly shared: boolean
}

class Call<K, V> implements Parent {
  readonly waiters = new WaitQueue()
  callers = 0
  readonly #calls: Map<K, Call<K, V>>
  readonly #key: K

  constructor(calls: Map<K, Call<K, V>>, key: K) {
    this.#calls = calls
    this.#key = key
  }

  ended(failed: boolean, value: unknown): boolean {
    if (this.#calls.get(this.#key) === this) this.#calls.delete(this.#key)
    const shared = this.callers > 1
    for (let next = this.waiters.head; next !== null; next = this.waiters.head) {
      scheduler.wake(next, failed ? value : { value, shared }, failed)
    }
    // An error is a result like another: without anybody left to take it, it is dropped.
    return true
  }
}

/**
 * Keeps the same work from being done several times at once: while a call for a key is under way, further ones join it.
 * @example
 * const flights = new SingleFlight<string, number>()
 * let fetches = 0
 * const fetchPrice = async () => ++fetches
 * const both = await Promise.all([flights.do('apple', fetchPrice), flights.do('apple', fetchPrice)])
 * console.log(both[0], fetches) // { value: 1, shared: true } 1
 */
export class SingleFlight<in out K, in out V> {
  readonly #calls = new Map<K, Call<K, V>>()

  /**
   * Runs `fn` in a goroutine of its own, unless a call for `key` is under way; returns what came of it, and whether it was
   * given to more than one caller. `fn` may be async, a generator function or plain.
   *
   * All callers get the same value, or the same error; if `fn` ends by `goexit`, so do they.
   *
   * *Blocking*: until the call has ended. *Cancellation*: only this wait ends; the call goes on for the others, and also
   * for nobody. *Ordering*: all that `fn` did happens before any `do` for it returns.
   * @throws what `fn` throws; {@link ContextError} when `ctx` ends first; {@link PanicError} `ERR_GO_NIL` or
   * `ERR_INVALID_ARG_TYPE` when `fn` is no function.
   */
  do(key: K, fn: () => GoroutineBody<V>, ctx?: Cancel): Operation<Flight<V>> {
    if (isInterrupted()) return neverEnding(WaitReason.waitGroupWait)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    let call = this.#calls.get(key)
    if (call === undefined) {
      try {
        requireBody(fn)
      } catch (error) {
        return fail(error)
      }
      call = new Call(this.#calls, key)
      this.#calls.set(key, call)
      startChild(fn, call)
    }
    call.callers++
    const waiter = new Waiter(WaitReason.waitGroupWait, undefined, undefined)
    call.waiters.push(waiter)
    return parkWith(waiter, ctx)
  }

  /** Lets the next `do` for `key` start a call of its own, also while one is under way. */
  forget(key: K): void {
    this.#calls.delete(key)
  }
}
