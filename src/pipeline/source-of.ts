// What can be read by a pipeline.
import type { ReceiveChan } from '../chan/types.ts'
import { invalidType } from '../errors/argument.ts'
import { fromIterable, isAsyncIterable, isIterable } from './from-iterable.ts'

/** What can begin a pipeline: a channel, or anything to iterate. */
export type Source<T> = ReceiveChan<T> | Iterable<T> | AsyncIterable<T>

/** A channel as it is; the values of anything else. */
export function sourceOf<T>(source: Source<T>, name: string): ReceiveChan<T> {
  if (isChannel(source)) return source
  if (isIterable(source) || isAsyncIterable(source)) return fromIterable(source)
  throw invalidType(name, 'a channel or an iterable', source)
}

function isChannel<T>(source: Source<T>): source is ReceiveChan<T> {
  return typeof source === 'object' && source !== null && 'receive' in source
}
