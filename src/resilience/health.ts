// Whether so much fails that a circuit should open.
import type { CallWindow, Tally } from './call-window.ts'

export interface HealthRules {
  readonly window: CallWindow
  readonly minimumCalls: number
  readonly consecutiveFailures: number
  readonly failureRate: number
  readonly slowRate: number
}

/** The calls in the window. */
export interface Health extends Tally {
  /** Failures in a row, up to now. */
  readonly consecutiveFailures: number
}

export class HealthRecord {
  readonly #rules: HealthRules
  #consecutiveFailures = 0

  constructor(rules: HealthRules) {
    this.#rules = rules
  }

  read(now: number): Health {
    return { ...this.#rules.window.tally(now), consecutiveFailures: this.#consecutiveFailures }
  }

  /** Counts a call, and says whether that is enough now. */
  worsens(isFailure: boolean, isSlow: boolean, now: number): boolean {
    const { window, minimumCalls, consecutiveFailures, failureRate, slowRate } = this.#rules
    window.record(isFailure, isSlow, now)
    this.#consecutiveFailures = isFailure ? this.#consecutiveFailures + 1 : 0
    if (this.#consecutiveFailures >= consecutiveFailures) return true
    // After a success too: it may be the one with which there are enough calls for a rate.
    const { calls, failures, slow } = window.tally(now)
    return calls >= minimumCalls && (failures >= failureRate * calls || slow >= slowRate * calls)
  }

  clear(): void {
    this.#consecutiveFailures = 0
    this.#rules.window.clear()
  }
}
