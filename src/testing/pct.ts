// Probabilistic concurrency testing: random priorities, the highest runs, and at a few random points the running
// goroutine falls below all others. A bug that needs d ordered events among n goroutines in k steps is found with a
// probability of at least 1/(n k^(d-1)) in each schedule, which no uniform random walk can say. From Burckhardt,
// Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs (ASPLOS 2010).
import { SeededDecisions } from '../runtime/decisions.ts'
import type { Resumable } from '../runtime/waiter.ts'
import type { ScheduleLog } from './schedule-log.ts'
import type { Choice, Strategy } from './strategy.ts'

export class PctStrategy implements Strategy {
  readonly #random: SeededDecisions
  readonly #depth: number
  /** The last schedule, in choices among turns; the first is run without change points, to estimate it. */
  #length = 0
  #point = 0
  #changePoints = new Map<number, number>()
  /** By id of the goroutine. */
  #priorities = new Map<number, number>()

  constructor(seed: number, depth: number) {
    this.#random = new SeededDecisions(seed)
    this.#depth = depth
  }

  begin(): boolean {
    this.#point = 0
    this.#priorities = new Map()
    this.#changePoints = new Map()
    for (let i = 1; i < this.#depth && i <= this.#length; i++) {
      let point = this.#random.choose(this.#length, 'goroutine')
      while (this.#changePoints.has(point)) point = (point + 1) % this.#length
      this.#changePoints.set(point, this.#depth - i)
    }
    return true
  }

  choose({ options, kind, turns }: Choice): number {
    if (turns === null) return this.#random.choose(options, kind)
    const lowered = this.#changePoints.get(this.#point++)
    if (lowered !== undefined) this.#priorities.set(turns[this.#highest(turns)]!.record!.id, lowered)
    return this.#highest(turns)
  }

  end(log: ScheduleLog): void {
    if (!log.isTooLong) this.#length = this.#point
  }

  #highest(turns: readonly Resumable[]): number {
    let best = 0
    let bestPriority = -1
    turns.forEach((turn, index) => {
      const priority = this.#priorityOf(turn.record!.id)
      if (priority <= bestPriority) return
      best = index
      bestPriority = priority
    })
    return best
  }

  #priorityOf(id: number): number {
    let priority = this.#priorities.get(id)
    if (priority === undefined) {
      priority = this.#depth + this.#random.choose(2 ** 30, 'goroutine')
      this.#priorities.set(id, priority)
    }
    return priority
  }
}
