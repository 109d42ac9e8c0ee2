// `for await (const value of ch)`: the values until the channel is closed and drained. It reads nothing ahead, so leaving
// the loop early loses nothing.
import type { ReceiveChan } from './types.ts'

export class ChanIterator<T> implements AsyncIterator<T, undefined> {
  readonly #channel: Pick<ReceiveChan<T>, 'next'>
  #hasReturned = false

  constructor(channel: Pick<ReceiveChan<T>, 'next'>) {
    this.#channel = channel
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#hasReturned ? this.return() : this.#channel.next()
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#hasReturned = true
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
