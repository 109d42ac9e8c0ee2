// Giving way to the other goroutines.
import { isInterrupted, neverEnding, type Operation, park, yieldsTurn } from './operation.ts'
import { scheduler } from './runtime.ts'
import { WaitReason } from './wait-reason.ts'
import { type Resumable, Waiter } from './waiter.ts'

/** Stands in the run queue for an awaiting caller, and wakes it when its turn comes. */
class Turn implements Resumable {
  readonly record = null
  readonly #waiter: Waiter

  constructor(waiter: Waiter) {
    this.#waiter = waiter
  }

  resume(): void {
    scheduler.wake(this.#waiter, undefined, false)
  }
}

/**
 * Lets all goroutines that are ready now run before the caller goes on.
 *
 * *Blocking*: until the run queue comes round to the caller. It is no way to wait for anything else.
 */
export function gosched(): Operation<void> {
  if (isInterrupted()) return neverEnding(WaitReason.runnable)
  const waiter = new Waiter(WaitReason.runnable, undefined, yieldsTurn)
  const operation = park<void>(waiter)
  if (scheduler.current === null) scheduler.ready(new Turn(waiter))
  return operation
}
