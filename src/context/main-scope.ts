// The scope of `run`'s context. While signals are listened to, one may end it: so who receives from its `done` waits for
// something that can come, and the program goes on waiting, as in Go. An operation that merely has it as its context
// waits for something else, and a deadlock there is reported.
import type { Clock } from '../runtime/clock.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'
import { dueIn } from '../time/duration.ts'
import type { Deadline } from './deadline.ts'
import { Scope } from './scope.ts'

/** A timer that never fires: what keeps the program alive. */
class SignalWait extends TimerEntry implements QueueObserver {
  readonly #clock: Clock = scheduler.clock
  readonly #deadline: Deadline | null
  #receivers = 0

  constructor(deadline: Deadline | null) {
    super(() => {})
    this.#deadline = deadline
    this.due = dueIn(this.#clock, Number.POSITIVE_INFINITY)
    this.#clock.retain(this)
  }

  entered(): void {
    this.#deadline?.entered()
    if (this.#receivers++ === 0) this.#clock.start(this)
  }

  left(): void {
    this.#deadline?.left()
    if (--this.#receivers === 0) this.#clock.stop(this)
  }
}

export class MainScope extends Scope {
  protected override doneObserver(): QueueObserver {
    return new SignalWait(this.deadline)
  }
}
