// How long one turn of the event loop may go on before timers and I/O get in, without a look at the clock for every step.
//
// Steps (operations that settled at once, wake-ups, resumed goroutines) are counted, and the clock is read when a number
// of them has come together: at most 256. Where goroutines compute much between their operations that would be far too
// late, so the number follows what is found: a check that comes late makes the next ones come sooner.

const maxInterval = 256
const budgetMs = 8
/** Later than this since the last check: check four times as often. */
const lateMs = 2
/** Sooner than this: half as often. */
const soonMs = 0.5
/** More steps than a turn can have. */
const never = 2 ** 30

export class TurnBudget {
  #left = maxInterval
  #interval = maxInterval
  #start = 0
  #lastCheck = 0

  /** How many steps may be taken between two checks. */
  get interval(): number {
    return this.#interval
  }

  /** Counts one step; true when it is time to look at the clock. */
  isDue(): boolean {
    return --this.#left <= 0
  }

  /** Counts several. */
  isDueAfter(steps: number): boolean {
    this.#left -= steps
    return this.#left <= 0
  }

  /** Looks at the clock: whether the turn has had its time. After a time of idleness it is taken for a long turn, once. */
  isSpent(now: number): boolean {
    const since = now - this.#lastCheck
    this.#lastCheck = now
    if (since > lateMs) this.#interval = Math.max(1, this.#interval >> 2)
    else if (since < soonMs && this.#interval < maxInterval) this.#interval *= 2
    this.#left = this.#interval
    return now - this.#start >= budgetMs
  }

  /** A turn begins; no check is due until `open`. */
  begin(now: number): void {
    this.#start = now
    this.#lastCheck = now
    this.#left = never
  }

  open(): void {
    this.#left = this.#interval
  }
}
