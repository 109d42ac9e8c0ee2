// What became of the last calls: as many as fit, or those of some time.

/** Sums over the window. */
export interface Tally {
  readonly calls: number
  readonly failures: number
  readonly slow: number
}

export interface CallWindow {
  record(failed: boolean, slow: boolean, now: number): void
  tally(now: number): Tally
  clear(): void
}

const failedBit = 1
const slowBit = 2

/** The last `size` calls, in a ring. */
export class CountWindow implements CallWindow {
  readonly #outcomes: Uint8Array
  #next = 0
  #calls = 0
  #failures = 0
  #slow = 0

  constructor(size: number) {
    this.#outcomes = new Uint8Array(size)
  }

  record(failed: boolean, slow: boolean): void {
    const oldest = this.#outcomes[this.#next]!
    if (oldest & failedBit) this.#failures--
    if (oldest & slowBit) this.#slow--
    this.#outcomes[this.#next] = (failed ? failedBit : 0) | (slow ? slowBit : 0)
    this.#next = (this.#next + 1) % this.#outcomes.length
    this.#calls = Math.min(this.#calls + 1, this.#outcomes.length)
    if (failed) this.#failures++
    if (slow) this.#slow++
  }

  tally(): Tally {
    return { calls: this.#calls, failures: this.#failures, slow: this.#slow }
  }

  clear(): void {
    this.#outcomes.fill(0)
    this.#next = this.#calls = this.#failures = this.#slow = 0
  }
}

/** A window slides by a tenth of its length: it costs ten sums, however many calls there are. */
const slices = 10

interface Slice {
  /** Which tenth since the beginning of time; those of a slice that is out of date do not count. */
  index: number
  calls: number
  failures: number
  slow: number
}

/** The calls of the last `ms` milliseconds. */
export class TimeWindow implements CallWindow {
  readonly #sliceMs: number
  readonly #slices: Slice[] = Array.from({ length: slices }, () => ({ index: -slices, calls: 0, failures: 0, slow: 0 }))

  constructor(ms: number) {
    this.#sliceMs = ms / slices
  }

  record(failed: boolean, slow: boolean, now: number): void {
    const index = Math.floor(now / this.#sliceMs)
    const slice = this.#slices[index % slices]!
    if (slice.index !== index) {
      slice.index = index
      slice.calls = slice.failures = slice.slow = 0
    }
    slice.calls++
    if (failed) slice.failures++
    if (slow) slice.slow++
  }

  tally(now: number): Tally {
    const oldest = Math.floor(now / this.#sliceMs) - slices + 1
    const sum = { calls: 0, failures: 0, slow: 0 }
    for (const slice of this.#slices) {
      if (slice.index < oldest) continue
      sum.calls += slice.calls
      sum.failures += slice.failures
      sum.slow += slice.slow
    }
    return sum
  }

  clear(): void {
    for (const slice of this.#slices) slice.index = -slices
  }
}
