// Waiting for what is not ours: any promise.
import { invalidType } from '../errors/argument.ts'
import { type Cancel, cancelSourceOf, parkUnder } from './cancel-source.ts'
import { fail, fromPromise, ioWaiter, isInterrupted, neverEnding, type Operation, settleInto } from './operation.ts'
import { WaitReason } from './wait-reason.ts'

/**
 * Waits for a promise: `yield* wait(fetch(url))` in a generator goroutine, or `await wait(promise, ctx)` to stop waiting
 * when a context ends.
 *
 * *Blocking*: until the promise settles. *Cancellation*: only the wait ends; the promise goes on, and its outcome is
 * then ignored (a rejection too).
 * @throws what the promise rejects with; {@link ContextError} when `ctx` ends first.
 */
export function wait<T>(promise: PromiseLike<T>, ctx?: Cancel): Operation<T> {
  if (isInterrupted()) return neverEnding(WaitReason.io)
  if (typeof promise !== 'object' || promise === null || typeof promise.then !== 'function') {
    return fail(invalidType('promise', 'a promise', promise))
  }
  if (ctx === undefined) return fromPromise(promise)
  const source = cancelSourceOf(ctx)
  if (source !== null && source.error !== undefined) {
    settleInto(promise, ioWaiter()) // so that its rejection is nobody's any more
    return fail(source.error)
  }
  const waiter = ioWaiter()
  settleInto(promise, waiter)
  return parkUnder(waiter, source)
}
