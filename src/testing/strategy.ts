// How an exploration chooses: at each point where several things could happen next, which one does.
import { type DecisionKind, SeededDecisions } from '../runtime/decisions.ts'
import type { Resumable } from '../runtime/waiter.ts'
import type { ScheduleLog } from './schedule-log.ts'

export interface Choice {
  readonly options: number
  readonly kind: DecisionKind
  /**
   * Where the choice is among turns. The first is the default: the goroutine that ran last goes on, where it can, else the
   * one that has waited longest.
   */
  readonly turns: readonly Resumable[] | null
  /** Whether the default lets go on who ran last, so that any other is a preemption. */
  readonly canGoOn: boolean
}

export interface Strategy {
  /** Prepares the next schedule; false when there is none left. */
  begin(): boolean
  /** An integer in [0, options); 0 is the default. */
  choose(choice: Choice): number
  /** The schedule is over. */
  end(log: ScheduleLog): void
}

/** Every choice uniformly at random. */
export class RandomStrategy implements Strategy {
  readonly #seeds: SeededDecisions
  #decisions: SeededDecisions

  constructor(seed: number) {
    this.#seeds = new SeededDecisions(seed)
    this.#decisions = this.#seeds
  }

  begin(): boolean {
    this.#decisions = new SeededDecisions(this.#seeds.choose(2 ** 32, 'goroutine'))
    return true
  }

  choose({ options, kind }: Choice): number {
    return this.#decisions.choose(options, kind)
  }

  end(): void {}
}
