// A bubble in which time goes on for ever while its main goroutine is blocked: a ticker keeps it busy, and hides the deadlock.

/** So many turns of others, and so long in real time, without one of the main goroutine's. */
const maxTurns = 100_000
const maxMs = 4000
/** How often to look at the real clock. */
const every = 1024

export class Patience {
  readonly #now: () => number
  #turns = 0
  #since: number

  constructor(now: () => number) {
    this.#now = now
    this.#since = now()
  }

  /** The main goroutine has had a turn. */
  renew(): void {
    if (this.#turns >= every) this.#since = this.#now()
    this.#turns = 0
  }

  /** Another has; says whether that is enough. */
  isOver(): boolean {
    if (++this.#turns === every) this.#since = this.#now()
    return this.#turns % every === 0 && this.#turns >= maxTurns && this.#now() - this.#since >= maxMs
  }
}
