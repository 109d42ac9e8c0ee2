// map to many.
import type { ReceiveChan } from '../chan/types.ts'
import type { Context } from '../context/types.ts'
import { requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { StageFunction } from './call-logic.ts'
import { map } from './map.ts'
import { bridgeOf, Opened } from './merge.ts'
import { checkOptions, type StageOptions } from './options.ts'
import { type Source, sourceOf } from './source-of.ts'
import { named } from './work.ts'

/**
 * A stage that gives all values of `fn(value, ctx)`, one source after the other. `fn` returns a channel or anything to iterate, or a
 * promise of one; a generator function is one that yields the values.
 *
 * Sources are asked for in order and read one at a time; `concurrency` (default 1) says how many calls of an async `fn` may be under
 * way. Give `ctx` to a source that does something by itself (`generate`): one that is there and not read yet ends by that.
 * Otherwise as {@link map}.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for an argument that is wrong. Who reads gets it when `fn` returns
 * nothing to read.
 * @example
 * const words = flatMap(fromIterable(['to be', 'or not']), (line) => line.split(' '))
 * console.log(await collect(words)) // [ 'to', 'be', 'or', 'not' ]
 */
export function flatMap<T, R>(
  ch: ReceiveChan<T>,
  fn: (value: T, ctx: Context) => Source<R> | PromiseLike<Source<R>>,
  options?: StageOptions | Cancel,
): ReceiveChan<R> {
  requireFunction('fn', fn)
  const opened = new Opened<R>()
  // A channel is the user's; what is made to read anything else is told when nobody will.
  const openOne = (source: Source<R>): ReceiveChan<R> => {
    const channel = sourceOf(source, 'what fn returns')
    return channel === source ? channel : opened.add(channel)
  }
  const open: StageFunction<T, ReceiveChan<R>> = (value, ctx) => {
    const source = fn(value, ctx)
    return isPromise(source) ? Promise.resolve(source).then(openOne) : openOne(source)
  }
  const { ctx, concurrency, ...own } = checkOptions(options)
  const end = ctx === null ? {} : { ctx }
  return bridgeOf(map(ch, named(fn.name, open), { ...end, concurrency }), { ...end, ...own }, opened)
}

function isPromise<R>(source: Source<R> | PromiseLike<Source<R>>): source is PromiseLike<Source<R>> {
  return typeof source === 'object' && source !== null && 'then' in source && typeof source.then === 'function'
}
