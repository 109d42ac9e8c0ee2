// Taking a batch: the buffer first, then one value of each blocked sender, in order. One operation instead of many.
import type { Channel } from './chan.ts'
import { takeFromSender } from './deliver.ts'

/** Takes up to `max` values; the caller has checked that there is one. */
export function takeBatch<T>(channel: Channel<T>, max: number): T[] {
  const buffered = Math.min(channel.length, max)
  const values = buffered > 0 ? channel.buffer!.shiftMany(buffered) : []
  channel.length -= buffered
  const senders = channel.senders
  const last = senders.tail
  for (let sender = senders.head; sender !== null && values.length < max; sender = senders.head) {
    values.push(takeFromSender(sender, true) as T)
    // A batch queues again behind the last: it gives one value a round, like every sender.
    if (sender === last) break
  }
  // Blocked senders move up into the room that was made, as after a single receive.
  while (senders.head !== null && channel.length < channel.capacity)
    channel.store(takeFromSender(senders.head, true) as T)
  return values
}
