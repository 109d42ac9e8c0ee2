// Making the choices of a schedule that was recorded.
import { kindOf, NotDeterministic, type Recorded, type ScheduleLog } from './schedule-log.ts'
import type { Choice, Strategy } from './strategy.ts'

/** The choices given, and the default ones after them. Choices that do not fit are the nearest that do. */
export class GuidedStrategy implements Strategy {
  readonly #chosen: readonly number[]
  #next = 0

  constructor(chosen: readonly number[]) {
    this.#chosen = chosen
  }

  begin(): boolean {
    this.#next = 0
    return true
  }

  choose({ options }: Choice): number {
    return Math.min(this.#chosen[this.#next++] ?? 0, options - 1)
  }

  end(): void {}
}

/** Exactly the schedule that was recorded; where the program has become another, it says so. */
export class ReplayStrategy implements Strategy {
  readonly #recorded: Recorded
  #next = 0
  /** Where the program first did something else than when it was recorded. */
  divergence: string | undefined = undefined

  constructor(recorded: Recorded) {
    this.#recorded = recorded
  }

  begin(): boolean {
    this.#next = 0
    return true
  }

  choose({ options, kind }: Choice): number {
    const position = this.#next++
    const expected = this.#recorded.choices.get(position)
    if (expected === undefined) return 0
    if (expected.options !== options || kindOf(expected.kind) !== kind) {
      this.divergence = `at choice ${position + 1} there were ${expected.options} options (${kindOf(expected.kind)}) when it was recorded, and now there are ${options} (${kind})`
      throw new NotDeterministic(this.divergence)
    }
    return expected.chosen
  }

  end(log: ScheduleLog): void {
    const { length, hash } = this.#recorded
    if (this.divergence !== undefined || (log.length === length && log.hash === hash)) return
    this.divergence =
      log.length === length
        ? 'as many choices were made as when it was recorded, but among others'
        : `${length} choices were made when it was recorded, and now ${log.length}`
  }
}
