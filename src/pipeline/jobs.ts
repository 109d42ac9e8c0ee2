// Calls that are under way, in the order of their values.
import type { Goroutine } from '../runtime/goroutine.ts'

export class Job<T> {
  readonly value: T
  goroutine: Goroutine<void> | null = null
  isDone = false
  failed = false
  result: unknown = undefined
  before: Job<T> | null = null
  after: Job<T> | null = null

  constructor(value: T) {
    this.value = value
  }
}

/** A doubly linked list: finished jobs leave from the front, or from the middle where order does not matter. */
export class Jobs<T> {
  first: Job<T> | null = null
  #last: Job<T> | null = null
  length = 0

  push(job: Job<T>): void {
    job.before = this.#last
    if (this.#last === null) this.first = job
    else this.#last.after = job
    this.#last = job
    this.length++
  }

  remove(job: Job<T>): void {
    if (job.before === null) this.first = job.after
    else job.before.after = job.after
    if (job.after === null) this.#last = job.before
    else job.after.before = job.before
    job.before = null
    job.after = null
    this.length--
  }
}
