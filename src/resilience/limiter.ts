// One limit: golang.org/x/time/rate.
import { requireDate, requireInteger } from '../errors/argument.ts'
import { scheduler } from '../runtime/runtime.ts'
import { pointIn } from './grants.ts'
import { type Limit, requireLimit } from './limit.ts'
import { RateLimiter } from './rate-limiter.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * Lets events happen at most `limit` times per second on average, and at most `burst` of them at once: a token bucket.
 *
 * The bucket holds `burst` tokens and is full at first; it is filled at `limit` tokens per second, and each event takes one.
 * With a limit of `Infinity` everything may happen, whatever the burst; with one of 0, what is in the bucket, and then nothing.
 *
 * It does what golang.org/x/time/rate does, to the nanosecond.
 * @example
 * const limiter = new Limiter(per(10, Second), 3)
 * const t = new Date(0)
 * console.log(limiter.allowN(t, 3), limiter.allowN(t, 1)) // true false
 * console.log(limiter.tokensAt(new Date(150))) // 1.5
 */
export class Limiter extends RateLimiter {
  readonly #bucket: TokenBucket

  /**
   * @param limit events per second; see {@link every} and {@link per}.
   * @param burst how many tokens there are at most, and at first: an integer of at least 0.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when one of them is no such number.
   */
  constructor(limit: Limit, burst: number) {
    requireLimit('limit', limit)
    requireInteger('burst', burst, 0)
    const bucket = new TokenBucket(limit, burst)
    super([bucket])
    this.#bucket = bucket
  }

  get limit(): Limit {
    return this.#bucket.limit
  }

  get burst(): number {
    return this.#bucket.burst
  }

  /** @internal */
  protected tokensFrom(now: number, at: Date | undefined): number {
    return this.#bucket.tokensAt(pointIn(this.#bucket, now, at))
  }

  /**
   * Changes the limit from now on. Those who wait or have reserved keep their times.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when it is no number.
   */
  setLimit(limit: Limit): void {
    requireLimit('limit', limit)
    this.#bucket.setLimit(scheduler.clock.now(), limit)
  }

  /** {@link setLimit}, as if it were `at`. */
  setLimitAt(at: Date, limit: Limit): void {
    requireDate('at', at)
    requireLimit('limit', limit)
    this.#bucket.setLimit(pointIn(this.#bucket, 0, at), limit)
  }

  /**
   * Changes the burst from now on. Those who wait or have reserved keep their times; a larger bucket is not full at once.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when it is not an integer of at least 0.
   */
  setBurst(burst: number): void {
    requireInteger('burst', burst, 0)
    this.#bucket.setBurst(scheduler.clock.now(), burst)
  }

  /** {@link setBurst}, as if it were `at`. */
  setBurstAt(at: Date, burst: number): void {
    requireDate('at', at)
    requireInteger('burst', burst, 0)
    this.#bucket.setBurst(pointIn(this.#bucket, 0, at), burst)
  }
}
