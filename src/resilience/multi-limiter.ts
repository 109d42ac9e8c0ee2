// Several limits for the same events. The book (Concurrency in Go, chapter 5) waits for one limiter after the other; who gives
// up on the way has then taken from some of them for nothing.
import { invalidType } from '../errors/argument.ts'
import { pointIn } from './grants.ts'
import type { Limit } from './limit.ts'
import { RateLimiter } from './rate-limiter.ts'
import type { TokenBucket } from './token-bucket.ts'

class MultiLimiter extends RateLimiter {
  get limit(): Limit {
    return Math.min(...this.buckets.map(({ limit }) => limit))
  }

  get burst(): number {
    return Math.min(...this.#limited().map(({ burst }) => burst))
  }

  protected tokensFrom(now: number, at: Date | undefined): number {
    return Math.min(...this.#limited().map((bucket) => bucket.tokensAt(pointIn(bucket, now, at))))
  }

  /** The burst of a bucket without a limit is ignored. */
  #limited(): readonly TokenBucket[] {
    return this.buckets.filter(({ limit }) => limit !== Number.POSITIVE_INFINITY)
  }
}

/**
 * Several limiters as one: an event may happen when all of them let it. For tiers (so many per second, and so many per minute)
 * and for dimensions (requests, disk, network).
 *
 * An event is taken from all of them or from none: it is reserved in each, waits for the one that comes last, and when it does
 * not happen all get it back. The limiters stay usable by themselves, and in other groups; one that comes twice, also
 * inside a group, counts an event once. `limit`, `burst` and `tokens` are the least of theirs.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when one is no limiter of this package.
 * @example
 * const api = multiLimiter(new Limiter(per(2, Second), 2), new Limiter(per(10, Minute), 10))
 * const disk = new Limiter(per(1, Second), 1)
 * const both = multiLimiter(api, disk)
 * console.log(both.allow(), both.allow(), api.allow()) // true false true
 */
export function multiLimiter(...limiters: readonly RateLimiter[]): RateLimiter {
  const buckets = new Set<TokenBucket>()
  limiters.forEach((limiter, i) => {
    if (!(limiter instanceof RateLimiter)) throw invalidType(`limiters[${i}]`, 'a Limiter or several', limiter)
    for (const bucket of limiter.buckets) buckets.add(bucket)
  })
  return new MultiLimiter([...buckets].sort((a, b) => a.limit - b.limit))
}
