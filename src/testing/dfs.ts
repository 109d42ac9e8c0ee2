// Every schedule, one after the other: a depth-first walk through the tree of choices, of which only the current path is
// kept. After Godefroid's VeriSoft (POPL 1997): stateless search. With a bound, all those with at most so many switches:
// context bounding, after Musuvathi and Qadeer (PLDI 2007). Which steps are independent of each other cannot be
// told, since plain variables are not seen: so there is no partial-order reduction.
//
// Invariant: the choices of the path before `#depth` have been made in the schedule that runs.
import type { DecisionKind } from '../runtime/decisions.ts'
import { NotDeterministic } from './schedule-log.ts'
import type { Choice, Strategy } from './strategy.ts'

interface Branch {
  readonly options: number
  readonly kind: DecisionKind
  /** How many of the options are tried. */
  readonly tried: number
  chosen: number
}

export class DfsStrategy implements Strategy {
  readonly #path: Branch[] = []
  readonly #maxSwitches: number
  #depth = 0
  #switches = 0
  #hasBegun = false
  /** Whether there were schedules with more switches than allowed, which are left out. */
  isBounded = false

  /** A switch takes the turn from a goroutine that ran last and could go on. */
  constructor(maxSwitches: number) {
    this.#maxSwitches = maxSwitches
  }

  begin(): boolean {
    this.#depth = 0
    this.#switches = 0
    if (!this.#hasBegun) {
      this.#hasBegun = true
      return true
    }
    for (let last = this.#path.at(-1); last !== undefined; last = this.#path.at(-1)) {
      last.chosen++
      if (last.chosen < last.tried) return true
      this.#path.pop()
    }
    return false
  }

  choose({ options, kind, canGoOn }: Choice): number {
    const branch = this.#path[this.#depth] ?? this.#grow(options, kind, canGoOn)
    if (branch.options !== options || branch.kind !== kind) {
      throw new NotDeterministic(
        `at choice ${this.#depth + 1} there were ${branch.options} options (${branch.kind}) before, and now ${options} (${kind})`,
      )
    }
    this.#depth++
    if (canGoOn && branch.chosen > 0) this.#switches++
    return branch.chosen
  }

  end(): void {}

  #grow(options: number, kind: DecisionKind, canGoOn: boolean): Branch {
    const isSpent = canGoOn && this.#switches >= this.#maxSwitches
    if (isSpent) this.isBounded = true
    const branch = { options, kind, tried: isSpent ? 1 : options, chosen: 0 }
    this.#path.push(branch)
    return branch
  }
}
