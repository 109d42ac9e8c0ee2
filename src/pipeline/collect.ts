// What waits for the whole of a channel.
import type { ReceiveChan } from '../chan/types.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Operation } from '../runtime/operation.ts'
import { drain, type Sink } from './drain.ts'
import { attempt, inputOf } from './input.ts'

class Collector<T> implements Sink<T, T[]> {
  readonly #values: T[] = []

  take(value: T): void {
    this.#values.push(value)
  }

  result(): T[] {
    return this.#values
  }
}

/**
 * Receives all values until the channel is closed, and returns them.
 *
 * *Blocking*: until the channel is closed. *Cancellation*: the values received so far are dropped, and the pipeline ends.
 * @throws what failed in the pipeline; {@link ContextError} when `ctx` ends first, or when the pipeline's own context ended it: a
 * part is never returned for the whole.
 * @example
 * console.log(await collect(fromIterable('abc'))) // [ 'a', 'b', 'c' ]
 */
export function collect<T>(ch: ReceiveChan<T>, ctx?: Cancel): Operation<T[]> {
  return attempt(() => drain(inputOf(ch), new Collector<T>(), ctx))
}
