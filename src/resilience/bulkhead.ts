// A bulkhead: whatever happens to one part, it does not flood the others. After Nygard's "Release It!".
//
// Invariants
// * Nobody waits in `#waiting` while fewer than `#concurrency` calls run; the end of one starts the one that came first.
// * A call runs until its function has ended: one that its caller has given up still takes its place.
import { requireInteger, requireObject } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { fail, type Operation } from '../runtime/operation.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { parkWith } from '../sync/cancel.ts'
import { Call, type Callee, type CallObserver, refusedCall } from './call.ts'
import { BulkheadFullError } from './rejected-error.ts'

export interface BulkheadOptions {
  /** For errors and logs. */
  readonly name?: string | undefined
  /** How many calls run at a time, at most. */
  readonly concurrency: number
  /** How many more may wait; 0 unless told. `Infinity` is no limit: memory is then the limit. */
  readonly queue?: number | undefined
}

export interface BulkheadStats {
  readonly running: number
  readonly queued: number
  /** How many calls were not made because it was full, since the bulkhead was made. */
  readonly rejected: number
}

class Length implements QueueObserver {
  value = 0

  entered(): void {
    this.value++
  }

  left(): void {
    this.value--
  }
}

/** Made by {@link bulkhead}. */
export class Bulkhead {
  readonly name: string | undefined
  readonly #concurrency: number
  readonly #queue: number
  readonly #queued = new Length()
  readonly #waiting = new WaitQueue(this.#queued)
  readonly #observer: CallObserver = { ended: () => this.#ended(), abandoned: () => {} }
  #running = 0
  #rejected = 0

  /** @internal */
  constructor(options: BulkheadOptions) {
    requireObject('options', options)
    const { name, concurrency, queue = 0 } = options
    requireInteger('concurrency', concurrency, 1)
    if (queue !== Number.POSITIVE_INFINITY) requireInteger('queue', queue, 0)
    this.name = name
    this.#concurrency = concurrency
    this.#queue = queue
  }

  stats(): BulkheadStats {
    return { running: this.#running, queued: this.#queued.value, rejected: this.#rejected }
  }

  /**
   * Calls `fn` in a goroutine of its own, under a context below `ctx`, as soon as there is room, and returns what it
   * returned. May be handed on without its bulkhead: `compose(connections.run)`.
   *
   * *Blocking*: until `fn` has ended; not at all when there is no room to wait either. *Cancellation*: while it waits for
   * room it leaves the queue, and `fn` is not called; later the context of `fn` ends, and this call does not wait for it.
   * *Ordering*: calls start in the order in which they were made.
   * @throws {BulkheadFullError} when there is no room; what `fn` throws; {@link ContextError} when `ctx` ends first;
   * {@link PanicError} `ERR_GO_NIL` or `ERR_INVALID_ARG_TYPE` when `fn` is no function.
   */
  readonly run = <T>(fn: Callee<T>, ctx?: Cancel): Operation<T> => {
    const refusal = refusedCall(fn, ctx)
    if (refusal !== null) return refusal
    const call = new Call(fn, ctx, { observer: this.#observer })
    if (this.#running < this.#concurrency) {
      this.#running++
      return call.run()
    }
    if (this.#queued.value >= this.#queue) {
      this.#rejected++
      return fail(new BulkheadFullError(this.name, this.#running, this.#queued.value))
    }
    call.defer()
    const waiter = new Waiter(WaitReason.semacquire, undefined, call)
    this.#waiting.push(waiter)
    return parkWith(waiter, ctx)
  }

  #ended(): void {
    this.#running--
    const next = this.#waiting.head
    if (next === null) return
    this.#waiting.remove(next)
    this.#running++
    ;(next.tag as Call<unknown>).start(next)
  }
}

/**
 * Makes a bulkhead: so many calls run at a time, so many wait, and all others are refused at once. What is slow then holds
 * up those who wait for it, and not everybody.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` for a wrong option.
 * @example
 * const connections = bulkhead({ name: 'database', concurrency: 1, queue: 1 })
 * const query = async (id: number) => `row ${id}`
 * const rows = [1, 2, 3].map((id) => connections.run(() => query(id)))
 * const results = await Promise.allSettled(rows)
 * console.log(results.map(({ status }) => status)) // [ 'fulfilled', 'fulfilled', 'rejected' ]
 * console.log(connections.stats()) // { running: 0, queued: 0, rejected: 1 }
 */
export function bulkhead(options: BulkheadOptions): Bulkhead {
  return new Bulkhead(options)
}
