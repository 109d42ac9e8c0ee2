// Events that a limiter will let through later.
import { requireDate } from '../errors/argument.ts'
import { scheduler } from '../runtime/runtime.ts'
import { giveBack, nsUntil } from './grants.ts'
import { foreverNs, type Grant } from './token-bucket.ts'

const nsPerMs = 1e6

/**
 * A place in the future that a limiter has given: made by `reserve`, to be used after its `delay`, or cancelled.
 *
 * The limiter counts its events from the call of `reserve` on, whether they happen or not.
 */
export class Reservation {
  /** Whether the limiter gives it at all: not when it is for more events than the limiter's burst. */
  readonly ok: boolean
  readonly #grants: Grant | null

  /** @internal */
  constructor(ok: boolean, grants: Grant | null) {
    this.ok = ok
    this.#grants = grants
  }

  /**
   * The milliseconds until the events may happen, fractions included: 0 is at once. `Infinity` when that is never, or when
   * the reservation is not `ok`.
   */
  delay(): number {
    return this.#delay(undefined)
  }

  /** {@link delay}, as seen from `at`. */
  delayFrom(at: Date): number {
    requireDate('at', at)
    return this.#delay(at)
  }

  #delay(at: Date | undefined): number {
    if (!this.ok) return Number.POSITIVE_INFINITY
    for (let grant = this.#grants; grant !== null; grant = grant.next) {
      if (grant.waitNs >= foreverNs) return Number.POSITIVE_INFINITY
    }
    return Math.max(nsUntil(this.#grants, scheduler.clock.now(), at), 0) / nsPerMs
  }

  /**
   * Says that the events will not happen, and gives their tokens back as far as that is possible.
   *
   * Those who have reserved after this one keep their times: the tokens that they count on are not given back. Nothing
   * happens when the time of the events is over.
   */
  cancel(): void {
    this.#cancel(undefined)
  }

  /** {@link cancel}, as if it were `at`. */
  cancelAt(at: Date): void {
    requireDate('at', at)
    this.#cancel(at)
  }

  #cancel(at: Date | undefined): void {
    const now = scheduler.clock.now()
    if (nsUntil(this.#grants, now, at) >= 0) giveBack(this.#grants, now, at)
  }
}
