// What can be asked of a limiter, and of several together.
import { requireDate, requireInteger } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Operation } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type Callee, call, refusedCall } from './call.ts'
import { longestWaitNs, takeAhead, takeNow } from './grants.ts'
import type { Limit } from './limit.ts'
import { limited } from './limited.ts'
import { Reservation } from './reservation.ts'
import type { TokenBucket } from './token-bucket.ts'
import { awaitTurn } from './turn.ts'

/**
 * Says how often events may happen: a {@link Limiter}, or several of them together ({@link multiLimiter}).
 *
 * There are three ways to ask. `wait` waits until the event may happen, `allow` says whether it may happen now, and `reserve` says
 * when it may. Methods with an `at` take that for the time; the others go by a steady clock, which setting the system's clock
 * does not move.
 */
export abstract class RateLimiter {
  /** @internal Each is another one; the strictest comes first. */
  readonly buckets: readonly TokenBucket[]

  /** @internal */
  constructor(buckets: readonly TokenBucket[]) {
    this.buckets = buckets
  }

  /** Events per second. */
  abstract get limit(): Limit

  /** How many events may happen at once, at most. */
  abstract get burst(): number

  /** @internal How many tokens there are, at a point in time as in grants.ts. */
  protected abstract tokensFrom(now: number, at: Date | undefined): number

  /** How many events may happen now; negative when some are waiting for their time. It takes nothing. */
  tokens(): number {
    return this.tokensFrom(scheduler.clock.now(), undefined)
  }

  /** {@link tokens}, as if it were `at`. */
  tokensAt(at: Date): number {
    requireDate('at', at)
    return this.tokensFrom(scheduler.clock.now(), at)
  }

  /**
   * Says whether an event may happen now, and counts it if so: for what is dropped when there is too much of it.
   * @example
   * const limiter = new Limiter(per(1, Second), 2)
   * console.log(limiter.allow(), limiter.allow(), limiter.allow()) // true true false
   */
  allow(): boolean {
    return this.#allow(undefined, 1)
  }

  /**
   * {@link allow} for `n` events, as if it were `at`: all of them or none.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when `at` is no valid Date, or `n` is not an integer of at
   * least 0.
   */
  allowN(at: Date, n: number): boolean {
    requireDate('at', at)
    requireInteger('n', n, 0)
    return this.#allow(at, n)
  }

  #allow(at: Date | undefined, n: number): boolean {
    return takeNow(this.buckets, scheduler.clock.now(), at, n)
  }

  /**
   * Counts an event, and says when it may happen: for what is to be slowed down, by somebody who waits in a way of their own.
   * @example
   * const limiter = new Limiter(per(1, Second), 1)
   * const t = new Date(0)
   * console.log(limiter.reserveN(t, 1).delayFrom(t)) // 0
   * const second = limiter.reserveN(t, 1)
   * console.log(second.delayFrom(t)) // 1000
   * second.cancelAt(t)
   * console.log(limiter.tokensAt(t)) // 0
   */
  reserve(): Reservation {
    return this.#reserve(undefined, 1)
  }

  /**
   * {@link reserve} for `n` events, as if it were `at`. The reservation is not `ok` when `n` exceeds the burst.
   * @throws {PanicError} as {@link allowN}.
   */
  reserveN(at: Date, n: number): Reservation {
    requireDate('at', at)
    requireInteger('n', n, 0)
    return this.#reserve(at, n)
  }

  #reserve(at: Date | undefined, n: number): Reservation {
    const now = scheduler.clock.now()
    if (longestWaitNs(this.buckets, now, at, n) === Number.POSITIVE_INFINITY) return new Reservation(false, null)
    return new Reservation(true, takeAhead(this.buckets, now, at, n))
  }

  /**
   * Waits until an event may happen.
   *
   * *Blocking*: until its turn has come; not at all when there is a token. *Ordering*: each gets a time as it asks, and nobody
   * overtakes those who asked before. *Cancellation*: the event does not happen, and its token is given back as far as nobody who asked later
   * counts on it ({@link Reservation.cancel}); so it is when the goroutine is killed.
   * @throws {LimitError} `ERR_LIMIT_BURST` when the burst is 0, `ERR_LIMIT_DEADLINE` when the turn would come after the deadline of
   * `ctx`: at once, and nothing is counted.
   * @throws {ContextError} when `ctx` ends first.
   * @example
   * const limiter = new Limiter(every(10), 1)
   * const start = performance.now()
   * for (let i = 0; i < 3; i++) await limiter.wait()
   * console.log(performance.now() - start >= 19) // true
   */
  wait(ctx?: Cancel): Operation<void> {
    return awaitTurn(this.buckets, 1, ctx)
  }

  /**
   * {@link wait} for `n` events, which happen together.
   * @throws {LimitError} `ERR_LIMIT_BURST` when `n` exceeds the burst, `ERR_LIMIT_DEADLINE` as `wait`.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when `n` is not an integer of at least 0.
   */
  waitN(n: number, ctx?: Cancel): Operation<void> {
    return awaitTurn(this.buckets, n, ctx)
  }

  /**
   * Waits until an event may happen, and then calls `fn` in a goroutine of its own and returns what it returned. May be handed on without
   * its limiter: `compose(limiter.run)`.
   *
   * *Blocking*: until `fn` has ended. *Cancellation*: as {@link wait}, and later the context of `fn` ends.
   * @throws what {@link wait} throws, without calling `fn`; what `fn` throws; {@link ContextError} when `ctx` ends first.
   * @example
   * const limiter = new Limiter(per(100, Second), 1)
   * console.log(await limiter.run(async () => 'served')) // served
   */
  readonly run = <T>(fn: Callee<T>, ctx?: Cancel): Operation<T> =>
    refusedCall(fn, ctx) ??
    call(
      limited((own) => this.wait(own), fn),
      ctx,
      { name: fn.name },
    )
}
