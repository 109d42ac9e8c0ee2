// Every value to every subscriber, in one order. After tokio's sync::broadcast, with the lag policy said aloud: what
// happens when somebody is slow is the one question that such a channel cannot leave open.
//
// Invariants
// * A value reaches all subscribers of that moment in one step, so they all see the same order.
// * Senders wait only under `block`, and only while some subscriber is full or an older sender waits.
import { invalidType, requireObject } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import { fail, isInterrupted, neverEnding, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import type { Overflow } from './chan.ts'
import { requireCapacity } from './make-chan.ts'
import { type Publisher, type Subscription, SubscriptionChannel } from './subscription.ts'

export interface BroadcastOptions {
  /** How many values each subscriber's buffer takes: an integer of at least 1. */
  readonly capacity: number
  /**
   * What happens when a subscriber's buffer is full: the sender waits for the slowest (`block`), or that subscriber loses
   * the oldest value it has buffered (`drop-oldest`) or the new one (`drop-newest`); `missed` counts what it lost.
   */
  readonly lag: Overflow
}

/** A channel with many receivers, each of which gets every value that is sent while it is subscribed. */
export class Broadcast<in out T> {
  readonly capacity: number
  readonly #lag: Overflow
  readonly #subscriptions = new Set<SubscriptionChannel<T>>()
  readonly #senders = new WaitQueue()
  readonly #publisher: Publisher<T> = {
    madeRoom: () => this.#sendWaiting(),
    left: (subscription) => {
      this.#subscriptions.delete(subscription)
      this.#sendWaiting()
    },
  }
  #closed = false

  /** @internal */
  constructor(capacity: number, lag: Overflow) {
    this.capacity = capacity
    this.#lag = lag
  }

  /** How many are subscribed. */
  get subscribers(): number {
    return this.#subscriptions.size
  }

  /**
   * Joins: the subscription gets every value sent from now on, until it leaves or the broadcast is closed. One that is
   * forgotten goes on filling its buffer, and under `block` holds up the senders: leave it, or declare it with `using`.
   */
  subscribe(): Subscription<T> {
    const subscription = new SubscriptionChannel<T>(this.capacity, this.#lag, this.#publisher)
    if (this.#closed) subscription.close()
    else this.#subscriptions.add(subscription)
    return subscription
  }

  /**
   * Sends one value to all subscribers; without any it goes nowhere.
   *
   * *Blocking*: under `block` until every subscriber has room, first come, first served; else never. *Cancellation*: a
   * cancelled send has reached nobody. *Ordering*: as for a channel's send.
   * @throws {PanicError} `ERR_SEND_CLOSED`, with the unsent `value`, when it is closed or gets closed meanwhile.
   * @throws {ContextError} when `ctx` ends first.
   */
  send(value: T, ctx?: Cancel): Operation<void> {
    if (isInterrupted()) return neverEnding(WaitReason.chanSend)
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null && source.error !== undefined) return fail(source.error)
    if (this.#closed) return fail(new PanicError('ERR_SEND_CLOSED', { value }))
    if (this.#canPublish()) {
      this.#publish(value)
      return settleVoid()
    }
    const waiter = new Waiter(WaitReason.chanSend, value, undefined)
    this.#senders.push(waiter)
    return parkUnder(waiter, source)
  }

  /** Sends if that is possible at once; says whether it was. Throws like {@link send} when closed. */
  trySend(value: T): boolean {
    if (this.#closed) throw new PanicError('ERR_SEND_CLOSED', { value })
    if (!this.#canPublish()) return false
    this.#publish(value)
    return true
  }

  /**
   * Says that nothing more will be sent: all subscriptions are closed, and what they have buffered stays readable.
   * @throws {PanicError} `ERR_CLOSE_CLOSED` when it is closed already.
   */
  close(): void {
    if (this.#closed) throw new PanicError('ERR_CLOSE_CLOSED')
    this.#closed = true
    for (const subscription of this.#subscriptions) subscription.close()
    this.#subscriptions.clear()
    for (let waiter = this.#senders.head; waiter !== null; waiter = this.#senders.head) {
      const value = waiter.value
      scheduler.wake(waiter, new PanicError('ERR_SEND_CLOSED', { value }), true)
    }
  }

  #canPublish(): boolean {
    if (this.#lag !== 'block') return true
    if (!this.#senders.isEmpty) return false
    return this.#hasRoom()
  }

  #hasRoom(): boolean {
    for (const subscription of this.#subscriptions) if (subscription.isFull()) return false
    return true
  }

  #publish(value: T): void {
    for (const subscription of this.#subscriptions) subscription.publish(value)
  }

  #sendWaiting(): void {
    for (let waiter = this.#senders.head; waiter !== null && this.#hasRoom(); waiter = this.#senders.head) {
      this.#publish(waiter.value as T)
      scheduler.wake(waiter, undefined, false, true)
    }
  }
}

/**
 * Makes a channel with many receivers, with a buffer and a lag policy for each.
 * @throws {PanicError} `ERR_CHAN_SIZE` when the capacity is no integer of at least 1, `ERR_INVALID_ARG_TYPE`.
 * @example
 * const prices = broadcast<number>({ capacity: 2, lag: 'drop-oldest' })
 * using slow = prices.subscribe()
 * for (const price of [1, 2, 3]) await prices.send(price)
 * console.log(await slow.receiveMany()) // [ 2, 3 ]
 * console.log(slow.missed) // 1
 */
export function broadcast<T>(options: BroadcastOptions): Broadcast<T> {
  requireObject('options', options)
  const { capacity, lag } = options
  if (lag !== 'block' && lag !== 'drop-newest' && lag !== 'drop-oldest') {
    throw invalidType('lag', "'block', 'drop-newest' or 'drop-oldest'", lag)
  }
  if (requireCapacity(capacity) === 0) {
    throw new PanicError('ERR_CHAN_SIZE', { detail: 'a broadcast needs a capacity of at least 1, not 0' })
  }
  return new Broadcast<T>(capacity, lag)
}
