// `chan()`: making a channel, and what can be wrong with its options.
import { describe, invalidType } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { Channel, type Overflow } from './chan.ts'
import type { Chan } from './types.ts'

export interface ChanOptions {
  /** How many values the buffer takes: an integer of at least 0. */
  readonly capacity: number
  /**
   * What `send` does when the buffer is full: wait (`block`, the default), drop the value it was given (`drop-newest`),
   * or drop the oldest buffered value and take its place (`drop-oldest`; needs a capacity of at least 1).
   */
  readonly overflow?: Overflow | undefined
}

/**
 * Makes a channel: `make(chan T, capacity)`.
 *
 * With capacity 0 (the default) a send completes only when a receiver has taken the value. The buffer's memory grows as
 * values come: `chan(1_000_000)` costs nothing until it is used.
 * @throws {PanicError} `ERR_CHAN_SIZE` when the capacity is negative or no integer, `ERR_INVALID_ARG_TYPE`.
 * @example
 * const ch = chan<string>(1)
 * await ch.send('hello')
 * console.log(await ch.receive()) // hello
 */
export function chan<T>(capacity?: number): Chan<T>
export function chan<T>(options: ChanOptions): Chan<T>
export function chan<T>(options: number | ChanOptions = 0): Chan<T> {
  if (typeof options === 'number') return new Channel<T>(requireCapacity(options), 'block')
  if (typeof options !== 'object' || options === null) throw invalidType('capacity', 'a number', options)
  const capacity = requireCapacity(options.capacity)
  const overflow = options.overflow ?? 'block'
  if (overflow !== 'block' && overflow !== 'drop-newest' && overflow !== 'drop-oldest') {
    throw invalidType('overflow', "'block', 'drop-newest' or 'drop-oldest'", overflow)
  }
  if (overflow === 'drop-oldest' && capacity === 0) {
    throw new PanicError('ERR_CHAN_SIZE', { detail: 'drop-oldest needs a capacity of at least 1, not 0' })
  }
  return new Channel<T>(capacity, overflow)
}

export function requireCapacity(capacity: unknown): number {
  if (typeof capacity !== 'number') throw invalidType('capacity', 'a number', capacity)
  if (!Number.isSafeInteger(capacity) || capacity < 0) {
    throw new PanicError('ERR_CHAN_SIZE', { detail: describe(capacity) })
  }
  return capacity
}
