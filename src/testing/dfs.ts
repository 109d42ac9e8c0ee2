// Every schedule, one after the other: a depth-first walk through the tree of choices, of which only the current path is
// kept. After Godefroid's VeriSoft (POPL 1997): stateless search.
//
// Invariant: the choices of the path before `#depth` have been made in the schedule that runs.
import type { DecisionKind } from '../runtime/decisions.ts'
import type { Resumable } from '../runtime/waiter.ts'
import { NotDeterministic } from './schedule-log.ts'
import type { Strategy } from './strategy.ts'

interface Branch {
  readonly options: number
  readonly kind: DecisionKind
  chosen: number
}

export class DfsStrategy implements Strategy {
  readonly #path: Branch[] = []
  readonly #maxDepth: number
  #depth = 0
  #hasBegun = false
  /** Whether there were choices below the greatest depth, which were not varied. */
  isBounded = false

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth
  }

  begin(): boolean {
    this.#depth = 0
    if (!this.#hasBegun) {
      this.#hasBegun = true
      return true
    }
    for (let last = this.#path.at(-1); last !== undefined; last = this.#path.at(-1)) {
      last.chosen++
      if (last.chosen < last.options) return true
      this.#path.pop()
    }
    return false
  }

  choose(options: number, kind: DecisionKind, _turns: readonly Resumable[] | null): number {
    if (this.#depth >= this.#maxDepth) {
      this.isBounded = true
      return 0
    }
    const branch = this.#path[this.#depth]
    if (branch === undefined) this.#path.push({ options, kind, chosen: 0 })
    else if (branch.options !== options || branch.kind !== kind) {
      throw new NotDeterministic(
        `at choice ${this.#depth + 1} there were ${branch.options} options (${branch.kind}) before, and now ${options} (${kind})`,
      )
    }
    this.#depth++
    return branch?.chosen ?? 0
  }

  end(): void {}
}
