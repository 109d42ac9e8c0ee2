// Logic that calls the user's functions. They run in the reader's call, as an iterator's `next` does, or in a turn of the run
// queue: never inside a sender's step, and never one inside the other.
import type { RunInContext } from '../runtime/host.ts'
import { scheduler } from '../runtime/runtime.ts'
import { isInSendersStep } from './inlet.ts'
import { StageLogic } from './logic.ts'
import type { CheckedOptions } from './options.ts'
import type { Pulled } from './pulled.ts'

const step = (logic: CallingLogic<unknown>): void => logic.step()

export abstract class CallingLogic<T> extends StageLogic<T> {
  readonly #context: RunInContext | null

  constructor(options: CheckedOptions) {
    super(options)
    const { record } = this.stage
    const { identity } = scheduler
    this.#context = record !== null && identity !== null ? identity.capture(record) : scheduler.host.captureContext()
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
    if (this.#context === null) this.step()
    else this.#context(step, this)
  }

  /** @internal */
  step(): void {
    this.stage.flush()
    this.stage.workAhead()
  }
}
