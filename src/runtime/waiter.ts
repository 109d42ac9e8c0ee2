// One parked operation of one goroutine, and at the same time the operation object that a generator goroutine yields
// and the iterator result that `yield*` reads: one allocation for all three.
//
// Invariants
// * `done` turns true exactly once, in the same synchronous step that unlinks the waiter and its siblings and stores
//   the outcome. A waiter found in a queue is therefore always claimable, and a loser can never hold a value.
// * An operation that can end in several ways (the cases of a select, a context) is one *root* waiter and a chain of
//   siblings, each linked into one queue and pointing at the root by `root`. A lone waiter is its own root.
// * `target` is what gets resumed: nothing until the operation is really yielded (a goroutine) or awaited (a resolve
//   function). Only queues and the target's own frame hold a waiter; see the canary tests before adding a reference.
//
// Yielding: `yield*` calls `next()` once, and V8 passes the returned object to the scheduler as it is. The scheduler
// binds it to the goroutine; when the goroutine is resumed, `yield*` calls `next()` again and finds `done`.
import { PanicError } from '../errors/panic-error.ts'
import type { GoroutineRecord, Resource } from './goroutine-record.ts'
import { LateOperation, type Resolve, rejectLater } from './promise.ts'
import { scheduler } from './runtime.ts'
import type { WaitQueue } from './wait-queue.ts'
import { isLockWait, type WaitReason } from './wait-reason.ts'

/** What can be resumed when a wait ends: a generator goroutine. */
export interface Resumable {
  /** Null for a mere place in the run queue. */
  readonly record: GoroutineRecord | null
  resume(): void
}

/** Thrown into a parked generator it reaches the waiter, through every `yield*`, and runs no code of the user's. */
export class WaiterProbe {
  /** What `yield*` sees: the generator stands where it stood, also when its wait is over. */
  readonly done = false
  /** Told by name: the waiter may come from another copy of the package. */
  readonly isWaiterProbe = true
  waiter: Waiter | null = null
}

export function isWaiterProbe(error: unknown): error is WaiterProbe {
  return typeof error === 'object' && error !== null && 'isWaiterProbe' in error
}

export class Waiter extends LateOperation {
  done = false
  failed = false
  /** What is sent while parked; the result, or the error when `failed`, once `done`. */
  value: unknown
  before: Waiter | null = null
  after: Waiter | null = null
  queue: WaitQueue | null = null
  root: Waiter = this
  sibling: Waiter | null = null
  target: Resumable | Resolve | null = null
  /** The goroutine that waits, where it is known. */
  record: GoroutineRecord | null = null
  readonly reason: WaitReason
  /** What the primitive needs to complete it: the flavour of a receive, the case of a select; for a lock, its Resource. */
  tag: unknown

  constructor(reason: WaitReason, value: unknown, tag: unknown) {
    super()
    this.reason = reason
    this.value = value
    this.tag = tag
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): this {
    if (this.failed) throw this.value
    return this
  }

  /** `yield*` hands on what is thrown into the generator. A probe finds this waiter and leaves it waiting. */
  throw(error: unknown): WaiterProbe {
    if (!isWaiterProbe(error)) throw error
    error.waiter = this
    return error
  }

  /** Links another way in which this operation can end. */
  addSibling(sibling: Waiter): void {
    sibling.root = this
    sibling.sibling = this.sibling
    this.sibling = sibling
  }

  /** Leaves every queue, with all siblings. Safe to repeat. */
  unlink(): void {
    for (let waiter: Waiter | null = this; waiter !== null; waiter = waiter.sibling) {
      if (waiter.queue !== null) waiter.queue.remove(waiter)
    }
  }

  protected override toPromise(): Promise<unknown> {
    if (this.done) return this.failed ? Promise.reject(this.value) : Promise.resolve(this.value)
    if (this.target !== null) {
      const message = 'an operation that a goroutine waits for cannot be awaited as well'
      return Promise.reject(new PanicError('ERR_INVALID_OPERATION', { message }))
    }
    if (scheduler.world() === null) scheduler.unownedWaits[this.reason]!++
    else this.record = scheduler.currentRecord()!
    return new Promise((resolve) => {
      this.target = resolve
    })
  }

  /** Tells the promise that awaits this operation how it ended. */
  settlePromise(resolve: Resolve): void {
    if (this.record !== null && scheduler.hooks?.resume !== undefined) reportResume(this.record)
    if (this.failed) rejectLater(resolve, this.value)
    else resolve(this.value)
  }
}

/** What the waiter's goroutine waits for and others own, for the wait-for graph. */
export function awaitedResource(waiter: Waiter): Resource | null {
  return isLockWait(waiter.reason) ? ((waiter.tag as Resource | undefined) ?? null) : null
}

/** Queued before what the promise queues when it is settled: the continuation runs right after it. */
function reportResume(record: GoroutineRecord): void {
  void Promise.resolve().then(() => scheduler.hooks?.resume?.(record))
}
