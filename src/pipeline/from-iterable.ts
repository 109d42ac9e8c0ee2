// Sources that read an iterable.

import type { ReceiveChan } from '../chan/types.ts'
import { invalidType } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { AsyncSource } from './async-source.ts'
import { CallingLogic } from './calling.ts'
import { type CheckedOptions, checkOptions, type StageOptions } from './options.ts'
import type { Pulled } from './pulled.ts'

class IterableSource<T> extends CallingLogic<T> {
  readonly #iterator: Iterator<T>
  /** It has ended, or failed, by itself: there is nothing to stop. */
  #isOver = false

  constructor(iterator: Iterator<T>, options: CheckedOptions) {
    super(options)
    this.#iterator = iterator
  }

  protected override compute(): Pulled<T> {
    this.#isOver = true // while it runs: one that throws has ended
    const result = this.#iterator.next()
    if (result.done === true) return this.stage.endWith(null)
    this.#isOver = false
    if (this.stage.closed) this.release() // ended by what the iterable itself did
    this.meter?.arrived()
    return result.value
  }

  override release(): void {
    if (this.#isOver || this.#iterator.return === undefined) return
    this.stage.scope.callLater(() => {
      try {
        this.#iterator.return?.()
      } catch {} // nobody is left to be told
    })
  }
}

/**
 * A stage that gives the values of an iterable, or of an async one, in order. It reads when it is asked; an async iterable one
 * value ahead.
 *
 * *Cancellation*: when `ctx` ends or nobody reads any more, the iterable is told (`return`).
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it is no iterable. What the iterable throws, the reader gets.
 * @example
 * const squares = map(fromIterable([1, 2, 3]), (n) => n * n)
 * console.log(await collect(squares)) // [ 1, 4, 9 ]
 */
export function fromIterable<T>(
  values: Iterable<T> | AsyncIterable<T>,
  options?: StageOptions | Cancel,
): ReceiveChan<T> {
  return openIterable(values, checkOptions(options))
}

/** A source for any iterable. */
export function openIterable<T>(values: Iterable<T> | AsyncIterable<T>, options: CheckedOptions): ReceiveChan<T> {
  if (isAsyncIterable(values)) {
    const iterator = values[Symbol.asyncIterator]()
    return new AsyncSource<T>(
      { next: () => iterator.next(), return: iterator.return && (() => iterator.return?.()) },
      options,
    ).stage.open()
  }
  if (!isIterable(values)) throw invalidType('values', 'an iterable', values)
  return new IterableSource(values[Symbol.iterator](), options).stage.open()
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return (typeof value === 'object' && value !== null && Symbol.iterator in value) || typeof value === 'string'
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
