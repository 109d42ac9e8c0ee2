// The numbers of a bubble: they begin anew in each, so that nothing in it depends on what was before.
import { SeededDecisions } from '../runtime/decisions.ts'

export class WorldNumbers {
  /** How many goroutines there have been. */
  lastId = 0
  #lastLockId = 0
  readonly #random = new SeededDecisions(1)

  nextId(): number {
    return ++this.lastId
  }

  nextLockId(): number {
    return ++this.#lastLockId
  }

  /** What `Math.random` answers inside: the same in every run, and apart from the decisions of the schedule. */
  random(): number {
    return this.#random.choose(2 ** 32, 'select') / 2 ** 32
  }
}
