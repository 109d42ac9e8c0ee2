// Errors that ended goroutines of a bubble, and that nobody has joined for yet.

interface Panic {
  readonly error: unknown
  readonly isJoined: () => boolean
  readonly since: number
}

/** An error that nobody has joined for by then will not be joined for. */
const maxTurns = 100

export class UnclaimedPanics {
  #panics: Panic[] = []

  /** `since`: how many turns the bubble has taken. */
  add(error: unknown, isJoined: () => boolean, since: number): void {
    this.#panics.push({ error, isJoined, since })
  }

  /** The first that has been nobody's for long enough. */
  overdue(turnsTaken: number): { readonly error: unknown } | undefined {
    return this.#first((panic) => turnsTaken - panic.since >= maxTurns)
  }

  /** The first that is nobody's; asked when nothing can go on. */
  any(): { readonly error: unknown } | undefined {
    return this.#first(() => true)
  }

  #first(counts: (panic: Panic) => boolean): Panic | undefined {
    if (this.#panics.length === 0) return undefined
    this.#panics = this.#panics.filter(({ isJoined }) => !isJoined())
    return this.#panics.find(counts)
  }
}
