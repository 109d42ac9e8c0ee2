// The last so many latencies, and any percentile of them, exactly. By number and not by age: after a quiet hour it knows as
// much as before, and it follows a change as fast as calls come.
//
// Invariant: `#sorted` has the values of `#recent` in ascending order; both have `count` of them.

export class LatencyWindow {
  count = 0
  readonly #recent: Float64Array
  readonly #sorted: Float64Array
  /** Where the next value goes in `#recent`; when it is full, where the oldest is. */
  #next = 0

  constructor(size: number) {
    this.#recent = new Float64Array(size)
    this.#sorted = new Float64Array(size)
  }

  get size(): number {
    return this.#recent.length
  }

  add(ms: number): void {
    if (this.count === this.size) this.#remove(this.#recent[this.#next]!)
    this.#recent[this.#next] = ms
    this.#next = (this.#next + 1) % this.size
    const place = this.#placeOf(ms)
    this.#sorted.copyWithin(place + 1, place, this.count)
    this.#sorted[place] = ms
    this.count++
  }

  /** The least of the values that `percent` of all do not exceed (nearest rank); there is one. */
  percentile(percent: number): number {
    const rank = Math.ceil((percent / 100) * this.count)
    return this.#sorted[Math.min(Math.max(rank, 1), this.count) - 1]!
  }

  #remove(ms: number): void {
    const place = this.#placeOf(ms)
    this.#sorted.copyWithin(place, place + 1, this.count)
    this.count--
  }

  /** The first place whose value is not less than `ms`. */
  #placeOf(ms: number): number {
    let from = 0
    let to = this.count
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#sorted[middle]! < ms) from = middle + 1
      else to = middle
    }
    return from
  }
}
