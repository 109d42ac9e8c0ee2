// The waiters of one primitive, oldest first: an intrusive doubly linked list, so that joining, taking the first and
// leaving from the middle are all O(1), also for one of 100,000.
import type { Waiter } from './waiter.ts'

/** Told when a waiter joins or leaves; a timer that keeps the program alive only while it is waited for needs it. */
export interface QueueObserver {
  entered(): void
  left(): void
}

export class WaitQueue {
  head: Waiter | null = null
  tail: Waiter | null = null
  readonly observer: QueueObserver | null

  constructor(observer: QueueObserver | null = null) {
    this.observer = observer
  }

  get isEmpty(): boolean {
    return this.head === null
  }

  push(waiter: Waiter): void {
    const last = this.tail
    waiter.queue = this
    waiter.before = last
    if (last === null) this.head = waiter
    else last.after = waiter
    this.tail = waiter
    if (this.observer !== null) this.observer.entered()
  }

  remove(waiter: Waiter): void {
    const { before, after } = waiter
    if (before === null) this.head = after
    else before.after = after
    if (after === null) this.tail = before
    else after.before = before
    waiter.before = null
    waiter.after = null
    waiter.queue = null
    if (this.observer !== null) this.observer.left()
  }
}
