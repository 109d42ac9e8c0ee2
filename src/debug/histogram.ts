// How long things took: counts in buckets each twice as wide as the one before, from a microsecond to weeks. That costs
// little, and what matters of a latency is its magnitude.

/** How often something took how long. */
export interface Histogram {
  readonly count: number
  readonly totalMs: number
  readonly meanMs: number
  readonly maxMs: number
  /** Half of all were no longer than this: as exact as the buckets are. */
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  /** Those that are not empty: each counts what took at least `fromMs` and less than `toMs`. */
  readonly buckets: readonly { readonly fromMs: number; readonly toMs: number; readonly count: number }[]
}

const bucketCount = 42
const firstMs = 0.001

export class Durations {
  #count = 0
  #totalMs = 0
  #maxMs = 0
  readonly #counts = new Uint32Array(bucketCount)

  add(durationMs: number): void {
    const ms = Math.max(0, durationMs)
    this.#count++
    this.#totalMs += ms
    if (ms > this.#maxMs) this.#maxMs = ms
    const index = ms < firstMs ? 0 : Math.floor(Math.log2(ms / firstMs)) + 1
    this.#counts[Math.min(index, bucketCount - 1)]!++
  }

  copy(): Durations {
    const copy = new Durations()
    copy.#count = this.#count
    copy.#totalMs = this.#totalMs
    copy.#maxMs = this.#maxMs
    copy.#counts.set(this.#counts)
    return copy
  }

  snapshot(): Histogram {
    return {
      count: this.#count,
      totalMs: this.#totalMs,
      meanMs: this.#count === 0 ? 0 : this.#totalMs / this.#count,
      maxMs: this.#maxMs,
      p50Ms: this.#percentile(0.5),
      p90Ms: this.#percentile(0.9),
      p99Ms: this.#percentile(0.99),
      buckets: this.#buckets(),
    }
  }

  #percentile(share: number): number {
    const rank = Math.ceil(this.#count * share)
    let seen = 0
    for (let i = 0; i < bucketCount; i++) {
      seen += this.#counts[i]!
      if (seen >= rank) return Math.min(endOf(i), this.#maxMs)
    }
    return this.#maxMs
  }

  #buckets(): Histogram['buckets'] {
    return Array.from(this.#counts, (count, i) => ({
      fromMs: i === 0 ? 0 : endOf(i - 1),
      toMs: endOf(i),
      count,
    })).filter(({ count }) => count > 0)
  }
}

function endOf(bucket: number): number {
  return firstMs * 2 ** bucket
}
