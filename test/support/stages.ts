// What tests of stages read from and hang on.
import { getEventListeners } from 'node:events'
import { numGoroutine } from 'warren'

/** An iterable that counts what is read of it, and how often it is told that nobody reads on. */
export class TrackedSource<T> implements Iterable<T> {
  read = 0
  returned = 0
  /** It was read to its end, or told that nobody reads on. */
  isOver = false
  readonly #values: readonly T[]
  readonly #onRead: () => void

  constructor(values: readonly T[], onRead: () => void = () => {}) {
    this.#values = values
    this.#onRead = onRead
  }

  [Symbol.iterator](): Iterator<T> {
    let index = 0
    return {
      next: () => {
        if (index === this.#values.length) {
          this.isOver = true
          return { value: undefined, done: true }
        }
        this.read++
        this.#onRead()
        return { value: this.#values[index++]!, done: false }
      },
      return: () => {
        this.returned++
        this.isOver = true
        return { value: undefined, done: true }
      },
    }
  }
}

/** The same, read by promises. */
export class TrackedAsyncSource<T> implements AsyncIterable<T> {
  read = 0
  returned = 0
  /** It was read to its end, or told that nobody reads on. */
  isOver = false
  readonly #values: readonly T[]
  readonly #onRead: () => void

  constructor(values: readonly T[], onRead: () => void = () => {}) {
    this.#values = values
    this.#onRead = onRead
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    let index = 0
    return {
      next: async () => {
        if (index === this.#values.length) {
          this.isOver = true
          return { value: undefined, done: true }
        }
        this.read++
        this.#onRead()
        return { value: this.#values[index++]!, done: false }
      },
      return: async () => {
        this.returned++
        this.isOver = true
        return { value: undefined, done: true }
      },
    }
  }
}

/** The numbers from 1 to `n`. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1)
}

/** How many goroutines `make` adds. */
export function goroutinesOf(make: () => unknown): number {
  const before = numGoroutine()
  make()
  return numGoroutine() - before
}

export function listenersOn(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length
}
