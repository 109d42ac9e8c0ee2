// A stage that calls the user's functions. They run in the reader's call, as an iterator's `next` does, or in a turn of the
// run queue: never inside a sender's step, and never one inside the other.
import type { RunInContext } from '../runtime/host.ts'
import { scheduler } from '../runtime/runtime.ts'
import { isInSendersStep } from './inlet.ts'
import type { CheckedOptions } from './options.ts'
import { ended, type Pulled } from './pulled.ts'
import { Stage } from './stage.ts'

const takeTurn = (stage: CallingStage<unknown>): void => stage.flush()

export abstract class CallingStage<T> extends Stage<T> {
  readonly #context: RunInContext | null
  #isCalling = false

  constructor(options?: CheckedOptions) {
    super(options)
    const { identity } = scheduler
    const isOwned = this.record !== null && identity !== null
    this.#context = isOwned ? identity.capture(this.record) : scheduler.host.captureContext()
  }

  /** The next value; may throw, which fails the stage. */
  protected abstract compute(): Pulled<T>

  protected override produce(): Pulled<T> {
    if (this.#isCalling || isInSendersStep()) return this.flushLater()
    this.#isCalling = true
    let value: Pulled<T>
    try {
      value = this.compute()
    } catch (error) {
      this.fail(error)
      value = ended
    }
    this.#isCalling = false
    return value
  }

  /** What it does beyond what is asked for; must not throw. */
  protected workAhead(): void {}

  override flush(): void {
    super.flush()
    if (this.closed || this.#isCalling || isInSendersStep()) return
    this.#isCalling = true
    this.workAhead()
    this.#isCalling = false
  }

  override inputReady(): void {
    this.flushLater()
  }

  protected override takeTurn(): void {
    if (this.#context === null) this.flush()
    else this.#context(takeTurn, this)
  }
}
