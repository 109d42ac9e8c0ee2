// Logic that calls the user's functions. They run in the reader's call, as an iterator's `next` does, or in a turn of the run
// queue: never inside a sender's step, and never one inside the other.
import { StageLogic } from './logic.ts'
import type { CheckedOptions } from './options.ts'
import type { Pulled } from './pulled.ts'
import { isInSendersStep } from './senders-step.ts'

export abstract class CallingLogic<T> extends StageLogic<T> {
  constructor(options: CheckedOptions) {
    super(options)
    this.stage.callsUser = true
  }

  /** The next value; may throw, which fails the stage. */
  protected abstract compute(): Pulled<T>

  override produce(): Pulled<T> {
    if (isInSendersStep()) return this.stage.flushLater()
    try {
      return this.compute()
    } catch (error) {
      return this.stage.fail(error)
    }
  }

  override inputReady(): void {
    this.stage.flushLater()
  }

  override takeTurn(): void {
    this.stage.flush()
    this.stage.workAhead()
  }
}
