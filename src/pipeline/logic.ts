// What a stage does, apart from being a channel.
import type { ContextError } from '../errors/context-error.ts'
import { type Cause, causeOfEnd } from './cause.ts'
import type { Inlet, InletOwner } from './inlet.ts'
import type { Meter } from './meter.ts'
import type { CheckedOptions } from './options.ts'
import type { ended, Pulled } from './pulled.ts'
import { Stage } from './stage.ts'

/** The base of the logic that only moves values: it may run in a sender's step. */
export abstract class StageLogic<T> implements InletOwner {
  /** Its output. */
  readonly stage: Stage<T>

  constructor(options: CheckedOptions) {
    this.stage = new Stage<T>(this, options)
  }

  /** The next value, without waiting. After `pending` it calls `flush` of the stage when there may be one. */
  abstract produce(): Pulled<T>

  /** Stops reading, and whatever else it does: the stage has ended. Called once. */
  abstract release(reason: unknown): void

  /** Nobody waits for a value any more: its inlets need not. Logic that works ahead goes on. */
  rest(): void {}

  /** The stage has ended, and the last of what it held is gone. */
  emptied(): void {}

  get meter(): Meter | null {
    return this.stage.meter
  }

  /** How many inputs a value counts for. */
  weightOf(_value: T): number {
    return 1
  }

  /** Why the stage ends when its context does; null for no reason at all. */
  causeOf(end: ContextError): Cause | null {
    return causeOfEnd(end)
  }

  inputReady(): void {
    this.stage.flush()
  }

  /** What it does beyond what is asked for; must not throw. */
  workAhead(): void {}

  /** A turn of its own. */
  takeTurn(): void {
    this.stage.flush()
  }

  /** Ends the stage as its input has ended. */
  protected endAs(inlet: Inlet<unknown>): typeof ended {
    return this.stage.endWith(inlet.cause)
  }
}
