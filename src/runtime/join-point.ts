// The join point of a goroutine: where its outcome waits for whoever asks.
//
// `#outcome` is set once, when the goroutine has ended; then `#joiners` is empty for ever. `#isDelivered` says that somebody has
// been told of it: a join that was given up before the end does not count.
import { isCancellation } from '../errors/cancellation.ts'
import { KilledError } from '../errors/goroutine-error.ts'
import { type Cancel, cancelSourceOf, parkUnder } from './cancel-source.ts'
import type { GoroutineRecord } from './goroutine-record.ts'
import { fail, isInterrupted, neverEnding, type Operation, settle } from './operation.ts'
import { reportPanic } from './panic.ts'
import { mainStateOf } from './program-end.ts'
import { scheduler } from './runtime.ts'
import { WaitQueue } from './wait-queue.ts'
import { WaitReason } from './wait-reason.ts'
import { Waiter } from './waiter.ts'

interface Outcome {
  readonly failed: boolean
  readonly value: unknown
}

export class JoinPoint<R> {
  /** @internal */
  readonly record: GoroutineRecord
  #joiners: WaitQueue | null = null
  #outcome: Outcome | null = null
  #isDelivered = false

  /** @internal */
  constructor(record: GoroutineRecord) {
    this.record = record
  }

  get id(): number {
    return this.record.id
  }

  get name(): string {
    return this.record.name
  }

  /** @internal */
  get hasEnded(): boolean {
    return this.#outcome !== null
  }

  /**
   * Waits for the goroutine to end and returns what its body returned.
   *
   * *Blocking*: until it ends. *Cancellation*: nothing is lost; it can be joined again. *Ordering*: everything the body
   * did happens before `join` returns. An awaited `join` adopts a thenable result, as JavaScript does.
   * @throws what the body threw; {@link KilledError} when it was killed; the context's error when `ctx` ended first.
   */
  join(ctx?: Cancel): Operation<R> {
    if (isInterrupted()) return neverEnding(WaitReason.join)
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null && source.error !== undefined) return fail(source.error)
    if (this.#outcome !== null) {
      this.#isDelivered = true
      if (scheduler.hooks !== null) scheduler.hooks.order?.(this.record, scheduler.currentRecord())
      return this.#outcome.failed ? fail(this.#outcome.value) : settle(this.#outcome.value as R)
    }
    this.#joiners ??= new WaitQueue()
    const waiter = new Waiter(WaitReason.join, undefined, undefined)
    this.#joiners.push(waiter)
    return parkUnder(waiter, source)
  }

  /** @internal Ends the goroutine for all who join it. An error that nobody joins for becomes a panic. */
  conclude(failed: boolean, value: unknown): void {
    this.#outcome = { failed, value }
    const joiners = this.#joiners
    if (joiners !== null && !joiners.isEmpty) {
      this.#isDelivered = true
      for (let waiter = joiners.head; waiter !== null; waiter = joiners.head) {
        if (scheduler.hooks !== null) scheduler.hooks.order?.(this.record, waiter.record)
        scheduler.wake(waiter, value, failed)
      }
    }
    if (failed && !(value instanceof KilledError) && !isCancellation(value)) this.#panicUnlessJoined(value)
  }

  #panicUnlessJoined(error: unknown): void {
    const { world, id } = this.record
    if (this.#isDelivered || id <= mainStateOf(world).abandonedUpTo) return
    if (world !== null) {
      world.panic(error, () => this.#isDelivered)
      return
    }
    scheduler.host.macrotask(() => {
      if (!this.#isDelivered) reportPanic(this.record, error)
    })
  }
}
