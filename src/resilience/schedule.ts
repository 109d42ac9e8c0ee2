// What to do after a failed try: how long to wait before the next one, or that there is none. A schedule has no state:
// all it needs to know is told to it, so that one may be used by any number of retries at a time.
import { invalidType, requireDuration, requireFunction, requireInteger } from '../errors/argument.ts'
import { random } from './random.ts'

/** What a schedule decides by. */
export interface FailedTry {
  /** Which try it was, from 1. */
  readonly attempt: number
  readonly error: unknown
  /** Milliseconds from the first failure to this one. */
  readonly elapsedMs: number
  /** The delay before this try; 0 before the first. */
  readonly delayMs: number
}

/** The milliseconds to wait before the next try; undefined for none. */
export type Delay = (failed: FailedTry) => number | undefined

/** How much of a delay is left to chance: all of it, or its second half. */
export type Jitter = 'full' | 'equal'

/** When to try again. Each method makes another schedule, and leaves this one as it is. */
export class Schedule {
  readonly #delay: Delay

  /** @internal */
  constructor(delay: Delay) {
    requireFunction('delay', delay)
    this.#delay = delay
  }

  /**
   * The milliseconds until the next try, or undefined when there is none. What is negative counts as zero.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when what the schedule is made from gives no number.
   */
  next(failed: FailedTry): number | undefined {
    const ms = this.#delay(failed)
    if (ms === undefined) return undefined
    requireDuration('the delay of a schedule', ms)
    return Math.max(ms, 0)
  }

  /**
   * At most `n` tries, the first one included.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` when `n` is not an integer of at least 1.
   */
  attempts(n: number): Schedule {
    requireInteger('n', n, 1)
    return this.#while(({ attempt }) => attempt < n)
  }

  /**
   * No try begins later than `ms` milliseconds after the first failure: a first try that ran for hours leaves time for
   * more. To limit it all, tries included, give `retry` a context with a deadline.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
   */
  within(ms: number): Schedule {
    requireDuration('ms', ms)
    return this.#map((delayMs, { elapsedMs }) => (elapsedMs + delayMs <= ms ? delayMs : undefined))
  }

  /**
   * No delay longer than `ms` milliseconds.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
   */
  cap(ms: number): Schedule {
    requireDuration('ms', ms)
    return this.#map((delayMs) => Math.min(delayMs, ms))
  }

  /**
   * Chooses each delay at random, from zero (`full`, unless told) or from its half (`equal`) up to what it would be: many
   * who failed together do not come back together. After AWS's "Exponential Backoff and Jitter".
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` for any other kind.
   */
  jitter(kind: Jitter = 'full'): Schedule {
    if (kind !== 'full' && kind !== 'equal') throw invalidType('kind', "'full' or 'equal'", kind)
    const fixed = kind === 'full' ? 0 : 0.5
    return this.#map((delayMs) => delayMs * (fixed + random() * (1 - fixed)))
  }

  /** Gives up on errors for which `predicate` is false. */
  retryIf(predicate: (error: unknown, failed: FailedTry) => boolean): Schedule {
    requireFunction('predicate', predicate)
    return this.#while((failed) => predicate(failed.error, failed))
  }

  /**
   * Waits at least as long as the error says, where `delayOf` finds that in it: see {@link retryAfter}. Limits that are to
   * hold for it too come after it: `.delayFrom(retryAfter).within(60_000)`.
   */
  delayFrom(delayOf: (error: unknown) => number | undefined): Schedule {
    requireFunction('delayOf', delayOf)
    return this.#map((delayMs, { error }) => Math.max(delayMs, delayOf(error) ?? 0))
  }

  /** Tries again if both do, after the longer delay. */
  and(other: Schedule): Schedule {
    requireSchedule('other', other)
    return this.#map((delayMs, failed) => {
      const otherMs = other.next(failed)
      return otherMs === undefined ? undefined : Math.max(delayMs, otherMs)
    })
  }

  /**
   * Tries again if one of them does, after the shorter delay: `constant(10).attempts(3).or(constant(1000))` is quick
   * twice, and then patient.
   */
  or(other: Schedule): Schedule {
    requireSchedule('other', other)
    return new Schedule((failed) => {
      const ms = this.next(failed)
      const otherMs = other.next(failed)
      return ms === undefined || otherMs === undefined ? (ms ?? otherMs) : Math.min(ms, otherMs)
    })
  }

  /** Tells `tell` of each failure after which there is another try, and how long it waits: for a log. Comes last. */
  onRetry(tell: (failed: FailedTry, delayMs: number) => void): Schedule {
    requireFunction('tell', tell)
    return this.#map((delayMs, failed) => {
      tell(failed, delayMs)
      return delayMs
    })
  }

  #while(condition: (failed: FailedTry) => boolean): Schedule {
    return new Schedule((failed) => (condition(failed) ? this.next(failed) : undefined))
  }

  #map(change: (delayMs: number, failed: FailedTry) => number | undefined): Schedule {
    return new Schedule((failed) => {
      const delayMs = this.next(failed)
      return delayMs === undefined ? undefined : change(delayMs, failed)
    })
  }
}

export function requireSchedule(name: string, value: unknown): void {
  if (!(value instanceof Schedule)) throw invalidType(name, 'a Schedule', value)
}
