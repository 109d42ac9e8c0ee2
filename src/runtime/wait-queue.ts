// The waiters of one primitive, oldest first: an intrusive doubly linked circle, so that joining, taking the first and
// leaving from the middle are all O(1), also for one of 100,000.
import type { Waiter } from './waiter.ts'

/** Told when a waiter joins or leaves; a timer that keeps the program alive only while it is waited for needs it. */
export interface QueueObserver {
  entered(): void
  left(): void
}

export class WaitQueue {
  /** The newest; `last.after` is the oldest. One field instead of two: linking a young waiter into an old queue costs. */
  #last: Waiter | null = null
  readonly #observer: QueueObserver | null

  constructor(observer: QueueObserver | null = null) {
    this.#observer = observer
  }

  /** The waiter that came first, or null. */
  get head(): Waiter | null {
    return this.#last === null ? null : this.#last.after
  }

  /** The waiter that came last, or null. */
  get tail(): Waiter | null {
    return this.#last
  }

  get isEmpty(): boolean {
    return this.#last === null
  }

  push(waiter: Waiter): void {
    const last = this.#last
    waiter.queue = this
    if (last === null) {
      waiter.before = waiter
      waiter.after = waiter
    } else {
      const first = last.after!
      waiter.before = last
      waiter.after = first
      last.after = waiter
      first.before = waiter
    }
    this.#last = waiter
    if (this.#observer !== null) this.#observer.entered()
  }

  remove(waiter: Waiter): void {
    const after = waiter.after!
    if (after === waiter) {
      this.#last = null
    } else {
      const before = waiter.before!
      before.after = after
      after.before = before
      if (this.#last === waiter) this.#last = before
    }
    waiter.before = null
    waiter.after = null
    waiter.queue = null
    if (this.#observer !== null) this.#observer.left()
  }
}
