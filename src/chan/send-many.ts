// Sending a batch: while there is room no goroutine is switched; then one waiter stays queued with the value that does
// not fit, and when that is taken the batch goes on from the rest, without waking its goroutine for each value.
//
// An array is read on within the receiver's step; any other iterable is the user's code (send-iterable.ts).
import { invalidType } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import { fail, isInterrupted, neverEnding, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import type { Channel } from './chan.ts'
import type { SenderTag } from './deliver.ts'
import { sendIterable } from './send-iterable.ts'

export function sendAll<T>(channel: Channel<T>, values: Iterable<T>, ctx: Cancel | undefined): Operation<void> {
  if (typeof values !== 'object' || values === null || !(Symbol.iterator in values)) {
    return fail(invalidType('values', 'an iterable object', values))
  }
  if (isInterrupted()) return neverEnding(WaitReason.chanSend)
  const source = ctx === undefined ? null : cancelSourceOf(ctx)
  if (source !== null && source.error !== undefined) return fail(source.error)
  if (!Array.isArray(values)) return sendIterable(channel, values, ctx)
  const batch = new ArrayBatch<T>(channel, values)
  try {
    if (batch.sendWhileRoom()) return settleVoid()
  } catch (error) {
    return fail(error)
  }
  const waiter = new Waiter(WaitReason.chanSend, batch.value, batch)
  channel.senders.push(waiter)
  return parkUnder(waiter, source)
}

export class ArrayBatch<T> implements SenderTag {
  readonly #channel: Channel<T>
  readonly #values: readonly T[]
  #next = 0

  constructor(channel: Channel<T>, values: readonly T[]) {
    this.#channel = channel
    this.#values = values
  }

  /** The first value that is not sent. */
  get value(): T {
    return this.#values[this.#next] as T
  }

  /** True when all are sent. */
  sendWhileRoom(): boolean {
    const channel = this.#channel
    while (this.#next < this.#values.length) {
      // Nobody waits and there is room: straight into the buffer, as far as that goes.
      if (channel.receivers.isEmpty && !channel.closed && scheduler.hooks === null) this.#fill(channel)
      if (this.#next >= this.#values.length) return true
      if (channel.closed) throw new PanicError('ERR_SEND_CLOSED', { value: this.value })
      if (!channel.put(this.value)) return false
      this.#next++
    }
    return true
  }

  #fill(channel: Channel<T>): void {
    const values = this.#values
    const end = Math.min(values.length, this.#next + channel.capacity - channel.length)
    if (end <= this.#next) return
    channel.storeMany(values, this.#next, end)
    this.#next = end
  }

  /** The only sender, and there is room: as much as fits moves up in one step. False when it must go value by value. */
  moveUp(waiter: Waiter): boolean {
    if (this.#next >= this.#values.length || scheduler.hooks !== null) return false
    this.#fill(this.#channel)
    if (this.#next >= this.#values.length) scheduler.wake(waiter, undefined, false, true)
    else waiter.value = this.value
    return true
  }

  /** The queued value was taken: the next one queues behind the other senders. */
  sent(waiter: Waiter): void {
    if (++this.#next >= this.#values.length) {
      scheduler.wake(waiter, undefined, false)
      return
    }
    const { senders } = this.#channel
    waiter.value = this.value
    if (senders.head === senders.tail) return
    senders.remove(waiter)
    senders.push(waiter)
  }
}
