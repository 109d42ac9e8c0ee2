// What can be read by a pipeline.
import type { ReceiveChan } from '../chan/types.ts'
import { fromIterable } from './from-iterable.ts'

/** What can begin a pipeline: a channel, or anything to iterate. */
export type Source<T> = ReceiveChan<T> | Iterable<T> | AsyncIterable<T>

/** A channel as it is; the values of anything else. */
export function sourceOf<T>(source: Source<T>): ReceiveChan<T> {
  return isChannel(source) ? source : fromIterable(source)
}

function isChannel<T>(source: Source<T>): source is ReceiveChan<T> {
  return typeof source === 'object' && source !== null && 'receive' in source
}
