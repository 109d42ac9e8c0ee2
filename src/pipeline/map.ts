// map, filter and parallelMap.
import type { ReceiveChan } from '../chan/types.ts'
import { invalidType, requireFunction, requireObject } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { CallLogic, type StageFunction } from './call-logic.ts'
import { inputOf } from './input.ts'
import { checkOptions, requireBoolean, type StageOptions } from './options.ts'
import { type Result, resultOf } from './result.ts'

export interface MapOptions extends StageOptions {
  /** Whether results come in the order of their values (the default), or as soon as they are there. */
  readonly ordered?: boolean | undefined
  /** Whether each result comes as a {@link Result}: an error is then a value, and does not end the pipeline. */
  readonly asResult?: boolean | undefined
}

/**
 * A stage that gives `fn(value, ctx)` for each value. `fn` may be plain, async, or a generator function, which runs as a goroutine.
 *
 * With a plain `fn` it works when it is asked; with any other it works ahead, by `concurrency` calls (default 1).
 *
 * *Cancellation*: when the stage ends, `fn`'s context ends, and a generator is killed. An error of `fn` ends the pipeline: what
 * stands before it stops, what had come before the error still goes out, and then whoever reads gets the error; with
 * `asResult` it is a value like others. *Ordering*: results come in the order of their values, unless `ordered` is false.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for an argument that is wrong.
 * @example
 * const lengths = map(fromIterable(['a', 'bb']), (word) => word.length)
 * console.log(await collect(lengths)) // [ 1, 2 ]
 */
export function map<T, R>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, R>,
  options: MapOptions & { readonly asResult: true },
): ReceiveChan<Result<R>>
export function map<T, R>(ch: ReceiveChan<T>, fn: StageFunction<T, R>, options?: MapOptions | Cancel): ReceiveChan<R>
export function map<T, R>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, R>,
  options?: MapOptions | Cancel,
): ReceiveChan<R | Result<R>> {
  requireFunction('fn', fn)
  const checked = checkOptions(options)
  const more = (options ?? {}) as MapOptions
  requireBoolean('ordered', more.ordered)
  requireBoolean('asResult', more.asResult)
  const input = inputOf(ch)
  const settings = { ...checked, ordered: more.ordered ?? true, gives: 'result' } as const
  return more.asResult
    ? new CallLogic<T, Result<R>>(input, resultOf(fn), settings).stage.open()
    : new CallLogic<T, R>(input, fn, settings).stage.open()
}

/**
 * {@link map} with many calls at a time: `concurrency` is not optional. In order, a slow call holds up the results behind it;
 * `capacity` says how many of those may wait for it while others are begun.
 * @throws as {@link map}.
 * @example
 * const pages = parallelMap(fromIterable([3, 1, 2]), async (n) => n * 10, { concurrency: 8 })
 * console.log(await collect(pages)) // [ 30, 10, 20 ]
 */
export function parallelMap<T, R>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, R>,
  options: MapOptions & { readonly concurrency: number; readonly asResult: true },
): ReceiveChan<Result<R>>
export function parallelMap<T, R>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, R>,
  options: MapOptions & { readonly concurrency: number },
): ReceiveChan<R>
export function parallelMap<T, R>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, R>,
  options: MapOptions & { readonly concurrency: number },
): ReceiveChan<R | Result<R>> {
  requireObject('options', options)
  if (options.concurrency === undefined) throw invalidType('concurrency', 'a number', options.concurrency)
  return map(ch, fn, options)
}

/**
 * A stage that lets through the values for which `fn(value, ctx)` is true. Otherwise as {@link map}.
 * @throws as {@link map}.
 * @example
 * const even = filter(fromIterable([1, 2, 3, 4]), (n) => n % 2 === 0)
 * console.log(await collect(even)) // [ 2, 4 ]
 */
export function filter<T, S extends T>(
  ch: ReceiveChan<T>,
  fn: (value: T) => value is S,
  options?: FilterOptions | Cancel,
): ReceiveChan<S>
export function filter<T>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, boolean>,
  options?: FilterOptions | Cancel,
): ReceiveChan<T>
export function filter<T>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, boolean>,
  options?: FilterOptions | Cancel,
): ReceiveChan<T> {
  requireFunction('fn', fn)
  const checked = checkOptions(options)
  const { ordered } = (options ?? {}) as FilterOptions
  requireBoolean('ordered', ordered)
  const settings = { ...checked, ordered: ordered ?? true, gives: 'value' } as const
  return new CallLogic<T, T>(inputOf(ch), fn, settings).stage.open()
}

export type FilterOptions = Omit<MapOptions, 'asResult'>
