// How often each of very many things came, in as much memory as there is for `capacity` of them: Misra and Gries, "Finding repeated
// elements" (1982), in batches as Agarwal et al., "Mergeable summaries" (2012).
//
// Invariant: of what was added, each was added at least as often as its count says, and at most `error` times more; so was what has
// no count. While there are no more than 2 * `capacity` different ones, `error` is 0.

export class TopCounts {
  error = 0
  readonly #capacity: number
  readonly #counts = new Map<string, number>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    if (this.#counts.size > 2 * this.#capacity) this.#forgetTheRare()
  }

  /** The `n` most frequent, those of the same count by name. */
  top(n: number): [key: string, count: number][] {
    return [...this.#counts].sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1)).slice(0, n)
  }

  #forgetTheRare(): void {
    const least = [...this.#counts.values()].sort((a, b) => b - a)[this.#capacity]!
    this.error += least
    for (const [key, count] of this.#counts) {
      if (count > least) this.#counts.set(key, count - least)
      else this.#counts.delete(key)
    }
  }
}
