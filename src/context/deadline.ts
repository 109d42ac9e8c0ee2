// The timer that ends a scope. All contexts below share it until one of them has a nearer one.
import type { CancelSource } from '../runtime/cancel-source.ts'
import type { Clock } from '../runtime/clock.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'
import { dueIn } from '../time/duration.ts'
import { deadlineError } from './end-error.ts'
import type { Scope } from './scope.ts'

/** The last point in time that a Date can tell. */
const lastDate = 8.64e15

export class Deadline extends TimerEntry implements QueueObserver {
  /** Milliseconds since the epoch. */
  readonly wallTime: number
  readonly #clock: Clock
  readonly #cause: unknown
  #scope: Scope | null = null

  constructor(clock: Clock, ms: number, cause: unknown) {
    super(passDeadline)
    this.#clock = clock
    this.#cause = cause
    this.due = dueIn(clock, ms)
    this.wallTime = Math.min(clock.wallTime() + ms, lastDate)
  }

  /** Whether it comes before the point `ms` from now; never on another clock, where that cannot be told. */
  isBefore(ms: number): boolean {
    return this.#clock === scheduler.clock && this.due < this.#clock.now() + ms
  }

  /** How long until it comes; never on another clock, where that cannot be told. */
  msLeft(): number {
    return this.#clock === scheduler.clock ? this.due - this.#clock.now() : Number.POSITIVE_INFINITY
  }

  /** Starts for the scope it belongs to. */
  start(scope: Scope): void {
    this.#scope = scope
    if (this.due <= this.#clock.now()) this.pass()
    else this.#clock.start(this)
  }

  pass(): void {
    this.#scope?.cancel(deadlineError(this.#cause))
  }

  /** Whether it is the scope's own, and not inherited. */
  belongsTo(scope: Scope): boolean {
    return this.#scope === scope
  }

  stop(): void {
    this.#clock.stop(this)
  }

  entered(): void {
    this.#clock.retain(this)
  }

  left(): void {
    this.#clock.release(this)
  }
}

/** How many milliseconds are left until `source` ends by itself; Infinity where no deadline is known. */
export function msToDeadline(source: CancelSource | null): number {
  // Not by class: it may be a scope of another copy of the package.
  const deadline = source !== null && 'deadline' in source ? (source.deadline as Deadline | null) : null
  return deadline === null ? Number.POSITIVE_INFINITY : deadline.msLeft()
}

function passDeadline(this: Deadline): void {
  this.pass()
}
