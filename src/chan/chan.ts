// The channel: Go's algorithm (`chansend` and `chanrecv` in runtime/chan.go), for capacity 0 and buffered in one. A
// waiting partner first, then the buffer, then park.
//
// Invariants
// * At least one of `senders` and `receivers` is empty, except for an unbuffered channel with a single goroutine blocked
//   on it for both by one select.
// * Receivers wait only while the buffer is empty; senders only while it is full (policy `block`).
// * A waiter in a queue can be claimed: whatever ends a wait unlinks it in the same synchronous step (waiter.ts).
// * Once closed, `receivers` and `senders` are empty for ever.
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import { fail, isInterrupted, neverEnding, type Operation, settle, settleVoid } from '../runtime/operation.ts'
import { Ring } from '../runtime/ring.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { caseKind } from './case-kind.ts'
import { ChanIterator } from './chan-iterator.ts'
import { deliver, deliverClosed, receiveBatch, receiveNext, receiveValue, takeFromSender } from './deliver.ts'
import { refuseMax, takeBatch } from './receive-many.ts'
import { sendAll } from './send-many.ts'
import type { Chan } from './types.ts'

/** What a send does when the buffer is full. */
export type Overflow = 'block' | 'drop-newest' | 'drop-oldest'

export class Channel<T> implements Chan<T> {
  readonly capacity: number
  /** @internal */
  readonly overflow: Overflow
  /** @internal */
  readonly receivers: WaitQueue
  /** @internal */
  readonly senders: WaitQueue = new WaitQueue()
  /** @internal Made when first something is buffered: an unbuffered channel never has one. */
  buffer: Ring<T> | null = null
  length = 0
  /** @internal */
  closed = false

  /** `observer` is told of waiting receivers: timers and contexts keep the program alive only while they have some. */
  constructor(capacity: number, overflow: Overflow, observer: QueueObserver | null = null) {
    this.capacity = capacity
    this.overflow = overflow
    this.receivers = new WaitQueue(observer)
  }

  /** @internal */
  get [caseKind](): 'channel' {
    return 'channel'
  }

  send(value: T, ctx?: Cancel): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.chanSend)
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null && source.error !== undefined) return fail(source.error)
    if (this.closed) return fail(new PanicError('ERR_SEND_CLOSED', { value }))
    if (this.put(value)) return settleVoid()
    const waiter = new Waiter(WaitReason.chanSend, value, undefined)
    this.senders.push(waiter)
    return parkUnder(waiter, source)
  }

  trySend(value: T): boolean {
    if (this.closed) throw new PanicError('ERR_SEND_CLOSED', { value })
    if (this.overflow === 'drop-newest' && this.isFull()) return false
    return this.put(value)
  }

  sendMany(values: Iterable<T>, ctx?: Cancel): Operation<void> {
    return sendAll(this, values, ctx)
  }

  receive(ctx?: Cancel): Operation<T | undefined> {
    if (isInterrupted()) return neverEnding(WaitReason.chanReceive)
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null && source.error !== undefined) return fail(source.error)
    if (this.canReceive()) return settle(this.take())
    if (this.closed) {
      if (scheduler.hooks !== null) scheduler.hooks.order?.(this, scheduler.currentRecord())
      return this.failure === null ? settleVoid() : fail(this.failure.error)
    }
    const waiter = new Waiter(WaitReason.chanReceive, undefined, receiveValue)
    this.receivers.push(waiter)
    return parkUnder(waiter, source)
  }

  next(ctx?: Cancel): Operation<IteratorResult<T, undefined>> {
    if (isInterrupted()) return neverEnding(WaitReason.chanReceive)
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null && source.error !== undefined) return fail(source.error)
    if (this.canReceive()) return settle({ value: this.take(), done: false })
    if (this.closed) {
      if (scheduler.hooks !== null) scheduler.hooks.order?.(this, scheduler.currentRecord())
      return this.failure === null ? settle({ value: undefined, done: true }) : fail(this.failure.error)
    }
    const waiter = new Waiter(WaitReason.chanReceive, undefined, receiveNext)
    this.receivers.push(waiter)
    return parkUnder(waiter, source)
  }

  tryReceive(): { value: T; ok: true } | { value: undefined; ok: false } | undefined {
    if (this.canReceive()) return { value: this.take(), ok: true }
    if (!this.closed) {
      this.rest()
      return undefined
    }
    if (this.failure !== null) throw this.failure.error
    return { value: undefined, ok: false }
  }

  receiveMany(max?: number | Cancel, ctx?: Cancel): Operation<T[]> {
    if (typeof max === 'object' && max !== null) return this.receiveMany(undefined, max)
    if (isInterrupted()) return neverEnding(WaitReason.chanReceive)
    const refusal = refuseMax(max)
    if (refusal !== undefined) return fail(refusal)
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null && source.error !== undefined) return fail(source.error)
    if (this.canReceive()) return settle(this.takeMany(max ?? Number.POSITIVE_INFINITY))
    if (this.closed) return this.failure === null ? settle([]) : fail(this.failure.error)
    const waiter = new Waiter(WaitReason.chanReceive, undefined, receiveBatch)
    this.receivers.push(waiter)
    return parkUnder(waiter, source)
  }

  close(): void {
    if (this.closed) throw new PanicError('ERR_CLOSE_CLOSED')
    this.closed = true
    // As values are delivered, so that those woken go on in the order in which they waited.
    const later = this.capacity > 0
    if (scheduler.hooks !== null) scheduler.hooks.operation('close', this, scheduler.currentRecord())
    for (let waiter = this.receivers.head; waiter !== null; waiter = this.receivers.head) deliverClosed(waiter, later)
    for (let waiter = this.senders.head; waiter !== null; waiter = this.senders.head) {
      const value = waiter.value
      scheduler.wake(waiter, new PanicError('ERR_SEND_CLOSED', { value }), true, later)
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new ChanIterator(this)
  }

  /** @internal What whoever finds it closed and drained gets instead of that news: a stage may have failed. */
  get failure(): { readonly error: unknown } | null {
    return null
  }

  /** @internal Somebody has looked whether there is a value, and does not wait for one: a stage then stops asking. */
  rest(): void {}

  /** @internal Whether a receive would find a value now. Timer channels override this, `take` and `takeMany`. */
  canReceive(): boolean {
    return this.length > 0 || this.senders.head !== null
  }

  /** @internal Whether a send would find a place now, or an error. */
  canSend(): boolean {
    return this.closed || !this.isFull() || this.overflow !== 'block'
  }

  /** @internal */
  isFull(): boolean {
    return this.length >= this.capacity && this.receivers.head === null
  }

  /** @internal Hands the value to a receiver or to the buffer; false when there is no place. The channel is open. */
  put(value: T): boolean {
    const receiver = this.receivers.head
    if (receiver !== null) {
      deliver(receiver, value, this.capacity > 0)
    } else if (this.length < this.capacity) {
      this.store(value)
    } else if (this.overflow === 'block') {
      return false
    } else if (this.overflow === 'drop-newest') {
      return true
    } else {
      this.buffer!.shift()
      this.buffer!.push(value)
    }
    if (scheduler.hooks !== null) scheduler.hooks.operation('send', this, scheduler.currentRecord())
    return true
  }

  /** @internal Takes the next value, and lets the first blocked sender move up. There is one: see canReceive. */
  take(): T {
    if (scheduler.hooks !== null) scheduler.hooks.operation('receive', this, scheduler.currentRecord())
    if (this.length === 0) return takeFromSender(this.senders.head!) as T
    const value = this.buffer!.shift()
    this.length--
    if (this.senders.head !== null) this.store(takeFromSender(this.senders.head, true) as T)
    return value
  }

  /** @internal Takes up to `max` values, of which there is at least one. */
  takeMany(max: number): T[] {
    return takeBatch(this, max)
  }

  /** @internal */
  store(value: T): void {
    this.buffer ??= new Ring()
    this.buffer.push(value)
    this.length++
  }

  /** @internal */
  storeMany(values: readonly T[], start: number, end: number): void {
    this.buffer ??= new Ring()
    this.buffer.pushMany(values, start, end)
    this.length += end - start
  }
}
