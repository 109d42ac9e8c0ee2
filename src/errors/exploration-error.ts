// What an exploration of schedules found, or why it cannot go on.
import { brand, WarrenError } from './warren-error.ts'

/** How a schedule can fail; `leak`: goroutines are left blocked when the body has returned. */
export type FailureKind = 'throw' | 'deadlock' | 'leak' | 'livelock'

export interface ExplorationFacts {
  /** How the schedule failed; undefined when a replay diverged, or the body is not deterministic. */
  readonly kind: FailureKind | undefined
  /** What the random choices were made from; 0 for a replay. */
  readonly seed: number
  /** The schedule, shrunk: `explore({ strategy: 'replay', token })` runs it again, and so does `WARREN_REPLAY`. */
  readonly token: string
  /** What each goroutine did, in order. */
  readonly timeline: string
  /** How many schedules were run until this one failed, itself included. */
  readonly schedules: number
  /** How many turns the shrunk schedule takes. */
  readonly steps: number
}

/** A schedule under which the explored body fails; `cause` is what it failed with. */
export class ExplorationError extends WarrenError implements ExplorationFacts {
  declare readonly code: 'ERR_EXPLORATION' | 'ERR_EXPLORATION_DIVERGED'
  readonly kind: FailureKind | undefined
  readonly seed: number
  readonly token: string
  readonly timeline: string
  readonly schedules: number
  readonly steps: number

  constructor(code: ExplorationError['code'], message: string, facts: ExplorationFacts, options?: ErrorOptions) {
    super(code, message, options)
    this.kind = facts.kind
    this.seed = facts.seed
    this.token = facts.token
    this.timeline = facts.timeline
    this.schedules = facts.schedules
    this.steps = facts.steps
  }

  static {
    brand(this, 'ExplorationError')
  }
}
