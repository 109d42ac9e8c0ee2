// The choices of one schedule, in the order in which they were made: those that had more than one option.
import type { DecisionKind, Decisions } from '../runtime/decisions.ts'
import type { Resumable } from '../runtime/waiter.ts'
import { emptyHash, extendHash } from './fnv.ts'
import type { Choice, Strategy } from './strategy.ts'

const kinds: readonly DecisionKind[] = ['goroutine', 'select', 'timer']

export function kindOf(index: number): DecisionKind {
  return kinds[index] ?? 'goroutine'
}

export interface RecordedChoice {
  readonly options: number
  readonly kind: number
  readonly chosen: number
}

/** A schedule as a token tells it. */
export interface Recorded {
  /** Those that were not the default, by position. */
  readonly choices: ReadonlyMap<number, RecordedChoice>
  readonly length: number
  readonly hash: number
  readonly preempts: boolean
  readonly overlaps: boolean
  /** Of which exploration it is; see exploration-id.ts. */
  readonly explorationId: number
}

/** The same choices led to another state. A strategy throws it; the schedule then ends. */
export class NotDeterministic extends Error {}

export class ScheduleLog implements Decisions {
  readonly #strategy: Strategy
  readonly options: number[] = []
  readonly kinds: number[] = []
  readonly chosen: number[] = []
  /** Over the options, the kinds, what was chosen, and which goroutine that was. */
  hash: number = emptyHash
  /** Whether it came to the step bound. */
  isTooLong = false
  /** Set when the strategy found that the same choices have led to another state. */
  divergence: NotDeterministic | undefined = undefined

  constructor(strategy: Strategy) {
    this.#strategy = strategy
  }

  get length(): number {
    return this.chosen.length
  }

  choose(options: number, kind: DecisionKind): number {
    return this.#choose(options, kind, null)
  }

  /** Which of several turns comes next; `canGoOn`: the first is that of who ran last. */
  chooseTurn(turns: readonly Resumable[], canGoOn: boolean): number {
    return this.#choose(turns.length, 'goroutine', turns, canGoOn)
  }

  #choose(
    options: number,
    kind: DecisionKind,
    turns: readonly Resumable[] | null,
    canGoOn = kind === 'goroutine',
  ): number {
    const chosen = this.#ask({ options, kind, turns, canGoOn })
    const kindIndex = kinds.indexOf(kind)
    this.options.push(options)
    this.kinds.push(kindIndex)
    this.chosen.push(chosen)
    const id = turns?.[chosen]?.record?.id ?? 0
    this.hash = extendHash(extendHash(extendHash(this.hash, options * 4 + kindIndex), chosen), id)
    return chosen
  }

  #ask(choice: Choice): number {
    try {
      return this.#strategy.choose(choice)
    } catch (error) {
      if (!(error instanceof NotDeterministic)) throw error
      this.divergence ??= error
      return 0
    }
  }
}
