// Sources without an end.
import type { ReceiveChan } from '../chan/types.ts'
import type { Context } from '../context/types.ts'
import { outOfRange, requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { StageFunction } from './call-logic.ts'
import { StageLogic } from './logic.ts'
import { map } from './map.ts'
import { noOptions, type StageOptions } from './options.ts'
import type { Pulled } from './pulled.ts'
import { named } from './work.ts'

class Repetition<T> extends StageLogic<T> {
  readonly #values: readonly T[]
  #next = 0

  constructor(values: readonly T[]) {
    super(noOptions)
    this.#values = values
  }

  override produce(): Pulled<T> {
    if (this.#next === this.#values.length) this.#next = 0
    return this.#values[this.#next++] as T
  }

  override release(): void {}
}

/**
 * Gives the values over and over, as long as somebody reads; `take` or `orDone` ends it.
 * @throws {PanicError} `ERR_OUT_OF_RANGE` when there is no value.
 * @example
 * console.log(await collect(take(repeat('a', 'b'), 3))) // [ 'a', 'b', 'a' ]
 */
export function repeat<T>(...values: T[]): ReceiveChan<T> {
  if (values.length === 0) throw outOfRange('the number of values', 'at least 1', 0)
  return new Repetition(values).stage.open()
}

/**
 * Gives what `fn(ctx)` returns, called again and again, as long as somebody reads. `fn` may be of any style, and may have
 * `concurrency` calls under way. An error of it ends the stage, and the reader gets it.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `fn` is no function.
 * @example
 * let n = 0
 * console.log(await collect(take(repeatFn(() => n++), 3))) // [ 0, 1, 2 ]
 */
export function repeatFn<R>(fn: (ctx: Context) => GoroutineBody<R>, options?: StageOptions | Cancel): ReceiveChan<R> {
  requireFunction('fn', fn)
  const call: StageFunction<undefined, R> = (_, ctx) => fn(ctx)
  return map(repeat(undefined), named(fn.name, call), options)
}
