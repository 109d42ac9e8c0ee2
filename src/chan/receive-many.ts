// Taking a batch: the buffer first, then one value of each blocked sender, in order. One operation instead of many.
import { invalidType, outOfRange } from '../errors/argument.ts'
import type { PanicError } from '../errors/panic-error.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Waiter } from '../runtime/waiter.ts'
import type { Channel } from './chan.ts'
import { takeFromSender } from './deliver.ts'
import { ArrayBatch } from './send-many.ts'

/** What is wrong with the most that somebody wants to receive at once. */
export function refuseMax(max: unknown): PanicError | undefined {
  if (max === undefined || max === Number.POSITIVE_INFINITY) return undefined
  if (typeof max !== 'number') return invalidType('max', 'an integer of at least 1', max)
  return Number.isInteger(max) && max >= 1 ? undefined : outOfRange('max', 'an integer of at least 1', max)
}

/** Takes up to `max` values; the caller has checked that there is one. */
export function takeBatch<T>(channel: Channel<T>, max: number): T[] {
  const buffered = Math.min(channel.length, max)
  const values = buffered > 0 ? channel.buffer!.shiftMany(buffered) : []
  channel.length -= buffered
  const senders = channel.senders
  // A batch queues again behind the others: it gives one value a round, like every sender.
  let seen: Waiter | null = null
  for (let sender = senders.head; sender !== null && sender !== seen && values.length < max; sender = senders.head) {
    values.push(takeFromSender(sender, true) as T)
    if (seen === null && sender.queue === senders) seen = sender
  }
  // Blocked senders move up into the room that was made, as after a single receive.
  for (let sender = senders.head; sender !== null && channel.length < channel.capacity; sender = senders.head) {
    const isAlone = sender === senders.tail
    if (isAlone && sender.tag instanceof ArrayBatch && sender.tag.moveUp(sender)) continue
    channel.store(takeFromSender(sender, true) as T)
  }
  if (scheduler.hooks !== null) {
    for (const _ of values) scheduler.hooks.operation('receive', channel, scheduler.currentRecord())
  }
  return values
}
