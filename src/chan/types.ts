// The public shapes of a channel. Operations are properties and not methods here: methods would be bivariant, and
// `const s: SendChan<Animal> = chan<Dog>()` would compile.
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Operation } from '../runtime/operation.ts'

/** The end of a channel that values go into. */
export interface SendChan<in T> {
  /**
   * Sends one value: `ch <- v`.
   *
   * *Blocking*: until a receiver has taken it, or the buffer has room. Blocked senders are served first come, first
   * served. *Cancellation*: a cancelled or killed send has not sent. *Ordering*: what the sender did before happens
   * before the matching receive completes.
   * @throws {PanicError} `ERR_SEND_CLOSED`, with the unsent `value`, when the channel is closed or gets closed meanwhile.
   * @throws {ContextError} when `ctx` ends first.
   */
  readonly send: (value: T, ctx?: Cancel) => Operation<void>
  /** Sends if that is possible at once; says whether it was. Throws like {@link send} on a closed channel. */
  readonly trySend: (value: T) => boolean
  /**
   * Sends all values in order, waiting as often as it must: the cheap way to fill a channel.
   *
   * *Cancellation*: the values sent so far stay sent; the others are not sent. The iterable is read one value ahead.
   * @throws like {@link send}; `value` is then the first value that was not sent.
   */
  readonly sendMany: (values: Iterable<T>, ctx?: Cancel) => Operation<void>
  /**
   * Says that nothing more will be sent. Blocked receivers wake with `done`; blocked senders panic; what is buffered can
   * still be received.
   * @throws {PanicError} `ERR_CLOSE_CLOSED` when it is closed already, `ERR_CLOSE_NIL` on `never`.
   */
  close(): void
  /** How many values are buffered. */
  readonly length: number
  /** How many values the buffer takes. */
  readonly capacity: number
}

/** The end of a channel that values come out of. */
export interface ReceiveChan<out T> extends AsyncIterable<T, undefined> {
  /**
   * Receives one value: `v := <-ch`. Returns undefined, at once and for ever, when the channel is closed and drained.
   *
   * *Blocking*: until there is a value or the channel is closed. *Cancellation*: a cancelled or killed receive has taken
   * nothing. But calls are eager: a `receive()` that nobody awaits does take a value, so `Promise.race` loses one; use
   * `select`. *Ordering*: what the sender did before its send happens before this returns; so does what the closer did.
   * An awaited `receive` adopts a thenable value, as JavaScript does; `next` does not.
   * @throws {ContextError} when `ctx` ends first.
   */
  receive(ctx?: Cancel): Operation<T | undefined>
  /** Receives one value and whether there was one: `v, ok := <-ch`. Otherwise as {@link receive}. */
  next(ctx?: Cancel): Operation<IteratorResult<T, undefined>>
  /** Receives if that is possible at once; undefined when it is not. `ok` is false when the channel is closed. */
  tryReceive(): { value: T; ok: true } | { value: undefined; ok: false } | undefined
  /**
   * Waits for one value and takes all that are there, at most `max` (an integer of at least 1; default: no limit). An
   * empty array means closed and drained.
   */
  receiveMany(max?: number, ctx?: Cancel): Operation<T[]>
  receiveMany(ctx?: Cancel): Operation<T[]>
  /** How many values are buffered. */
  readonly length: number
  /** How many values the buffer takes. */
  readonly capacity: number
}

/** Both ends of a channel. */
export interface Chan<in out T> extends SendChan<T>, ReceiveChan<T> {}
