// Two front ends, one rule. Every blocking function ends in `settle` (it could finish now), `fail`, or `park` (it must
// wait); each looks at who is calling and returns an iterable to a generator goroutine and a native promise to everybody
// else. No other file knows that there are two styles.
//
// Promises are native, never subclasses or thenables: awaiting those costs two to five times as much. The own
// `[Symbol.iterator]` on them costs 4-8 ns and lets a promise made outside be `yield*`ed inside (see docs/adr/0002).
import { PanicError } from '../errors/panic-error.ts'
import { tookEffect, tookEffectAndFailed } from './kept-back.ts'
import { LateOperation, type Resolve } from './promise.ts'
import { scheduler } from './runtime.ts'
import { currentSite } from './site.ts'
import { WaitReason } from './wait-reason.ts'
import { awaitedResource, Waiter } from './waiter.ts'

/** What a generator goroutine yields. Opaque: it comes out of `yield*` and goes to the scheduler. */
export interface Wait {
  readonly done: boolean
}

/**
 * What every blocking call returns. `await` it in async code, `yield*` it in a generator goroutine. The call itself is
 * eager in both: a `receive()` that nobody awaits does take a value.
 */
export interface Operation<T> extends Promise<T> {
  [Symbol.iterator](): Iterator<Wait, T, unknown>
}

/** An operation that has finished, inside a generator goroutine: its own iterator, and its own iterator result. */
class Settled extends LateOperation {
  readonly done = true
  readonly value: unknown

  constructor(value: unknown) {
    super()
    this.value = value
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): this {
    return this
  }

  protected override toPromise(): Promise<unknown> {
    return Promise.resolve(this.value)
  }
}

const settledVoid = Object.freeze(new Settled(undefined)) as unknown as Operation<undefined>
const resolvedVoid = makeYieldable(Promise.resolve(undefined))

/** Marks the waiter of a goroutine that only gives way: it is queued again as soon as it is bound. */
export const yieldsTurn: unique symbol = Symbol.for('warren.yieldsTurn')

const nothing: Resolve = () => {}
/** Holds a resolve function only within one call: it would retain the frame that waits. */
let resolvePromise: Resolve = nothing
const captureResolve = (resolve: Resolve): void => {
  resolvePromise = resolve
}

/** The operation that finished at once with `value`. */
export function settle<T>(value: T): Operation<T> {
  if (scheduler.overBudget()) return keepBack(value, tookEffect)
  if (scheduler.current !== null) return new Settled(value) as unknown as Operation<T>
  return makeYieldable(ownPromise(value))
}

/** The operation that finished at once and has no value. Allocates nothing. */
export function settleVoid(): Operation<undefined> {
  if (scheduler.overBudget()) return keepBack(undefined, tookEffect)
  return scheduler.current !== null ? settledVoid : resolvedVoid
}

function keepBack<T>(outcome: unknown, tag: symbol): Operation<T> {
  const waiter = new Waiter(WaitReason.runnable, outcome, tag)
  const operation = park<T>(waiter)
  scheduler.wakeNextTurn(waiter)
  return operation
}

/**
 * The operation that failed at once. A generator goroutine gets the error thrown right here, at the call; elsewhere it
 * is a rejected promise, so that a blocking call has one channel for errors and not two. Once in a while, when the turn
 * has had its time, it is thrown at the `yield*` instead: a loop over failures must not keep timers out either.
 */
export function fail(error: unknown): Operation<never> {
  if (scheduler.overBudget()) return keepBack(error, tookEffectAndFailed)
  if (scheduler.current !== null) throw error
  return makeYieldable(Promise.reject(error))
}

/** The operation that ends when `waiter` is woken. */
export function park<T>(waiter: Waiter): Operation<T> {
  if (scheduler.current !== null) {
    if (scheduler.recordsSites) scheduler.current.record!.blockedAt = currentSite()
    return waiter as unknown as Operation<T>
  }
  const promise = new Promise(captureResolve)
  waiter.target = resolvePromise
  resolvePromise = nothing
  if (scheduler.world() === null) scheduler.unownedWaits[waiter.reason]!++
  if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
  if (scheduler.identity !== null) noteOwner(waiter)
  if (scheduler.hooks !== null) {
    scheduler.hooks.park(waiter.record ?? undefined, waiter.reason, waiter.sibling !== null)
  }
  return makeYieldable(promise) as Operation<T>
}

function noteOwner(waiter: Waiter): void {
  const record = scheduler.currentRecord()
  if (record === undefined) return
  waiter.record = record
  record.reason = waiter.reason
  record.waitsFor = awaitedResource(waiter)
  record.since = scheduler.timeOf(record)
  record.blockedAt = scheduler.recordsSites ? currentSite() : undefined
}

/**
 * Whether the calling goroutine has been killed while it ran: the operation that asks must touch nothing and return
 * {@link neverEnding}, at which the scheduler unwinds the goroutine.
 */
export function isInterrupted(): boolean {
  return scheduler.killsPending > 0 && scheduler.current !== null && scheduler.current.killPending
}

/** An operation that is never ready. */
export function neverEnding(reason: WaitReason): Operation<never> {
  return park(new Waiter(reason, undefined, undefined))
}

/** Ends the wait with `value`, unless it has ended already. */
function complete(waiter: Waiter, value: unknown): void {
  if (!waiter.root.done) scheduler.wake(waiter, value, false)
}

/** Ends the wait with an error, unless it has ended already. */
export function abort(waiter: Waiter, error: unknown): void {
  if (!waiter.root.done) scheduler.wake(waiter, error, true)
}

/** Makes a promise that somebody else settles into an operation. */
export function fromPromise<T>(promise: PromiseLike<T>): Operation<T> {
  if (scheduler.current === null && !scheduler.overBudget()) return makeYieldable(ownPromise(promise)) as Operation<T>
  const waiter = ioWaiter()
  settleInto(promise, waiter)
  return park(waiter)
}

/** Lets a promise end the wait, unless something else does first; its outcome is then ignored. */
export function settleInto(promise: PromiseLike<unknown>, waiter: Waiter): void {
  // As a native promise: a foreign `then` may throw, or call back before the waiter is parked.
  Promise.resolve(promise).then(
    (value) => complete(waiter, value),
    (error: unknown) => abort(waiter, error),
  )
}

export function ioWaiter(): Waiter {
  return new Waiter(WaitReason.io, undefined, undefined)
}

/** A promise of ours: `Promise.resolve` hands back a promise that somebody else may use, or may have frozen. */
function ownPromise<T>(value: T | PromiseLike<T>): Promise<Awaited<T>> {
  const promise = Promise.resolve(value) as Promise<Awaited<T>>
  return promise === value ? promise.then() : promise
}

function makeYieldable<T>(promise: Promise<T>): Operation<T> {
  const operation = promise as Operation<T>
  operation[Symbol.iterator] = iteratePromise as () => Iterator<Wait, T, unknown>
  return operation
}

function iteratePromise(this: Promise<unknown>): Iterator<Wait, unknown, unknown> {
  if (scheduler.current === null) {
    throw new PanicError('ERR_INVALID_OPERATION', { message: 'yield* of an operation outside a generator goroutine' })
  }
  return fromPromise(this)[Symbol.iterator]()
}
