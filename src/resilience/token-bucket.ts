// The arithmetic of golang.org/x/time/rate: a bucket that holds `burst` tokens at most, is full at first, and is filled at
// `limit` tokens per second. Who finds too few takes them all the same, and waits until they would have been there.
//
// Invariants
// * Durations are whole nanoseconds, and rounded where Go rounds them: a third of a second is the same one as in Go. Points in
//   time are milliseconds on the scale of a clock. The time of an event is the point it was asked for at and the wait from
//   there, never their sum: a sum would lose the nanoseconds when the point is far from the scale's origin.
// * `#tokens` is what was there at `#last`. Less than nothing: so much is reserved ahead.
// * The last event is the latest that was granted, if none has gone back on it. What was granted before it and is given
//   back may be of use only as far as later events did not have to wait for it.
// * What has been given up counts as taken back as soon as anybody looks: `#settle` comes before every look.
import type { Limit } from './limit.ts'
import { Timescale } from './timescale.ts'

const nsPerMs = 1e6
/** By how much two sums of rounded durations may differ that stand for the same one. */
const roundingNs = 2
const nsPerSecond = 1e9

/** Go's longest duration, some 292 years: whoever must wait for that long waits for ever. */
export const foreverNs: number = 2 ** 63

/** What a bucket has given: tokens, to be used after a wait. */
export class Grant {
  readonly bucket: TokenBucket
  readonly at: number
  readonly waitNs: number
  readonly tokens: number
  /** The limit when it was given: 0 where there was none. */
  readonly limit: Limit
  /** What another bucket has given for the same events. */
  readonly next: Grant | null

  constructor(bucket: TokenBucket, at: number, waitNs: number, tokens: number, next: Grant | null) {
    this.bucket = bucket
    this.at = at
    this.waitNs = waitNs
    this.tokens = tokens
    this.limit = bucket.limit === Number.POSITIVE_INFINITY ? 0 : bucket.limit
    this.next = next
  }

  /** How long it is from `t` to the event; negative when it is over. */
  nsFrom(t: number): number {
    return this.waitNs - nsBetween(this.at, t)
  }

  /** How long it is from the event of `other` until its own tokens begin to come. */
  nsOfStartAfter(other: Grant): number {
    return nsBetween(other.at, this.at) + (this.waitNs + nsToFill(-this.tokens, this.limit) - other.waitNs)
  }
}

export class TokenBucket {
  readonly timescale: Timescale = new Timescale()
  #limit: Limit
  #burst: number
  #tokens: number
  #last = Number.NEGATIVE_INFINITY
  #lastEventAt = Number.NEGATIVE_INFINITY
  #lastEventWaitNs = 0
  #givenUp: Grant[] = []
  #givenUpAt = 0
  #causeOfGivingUp: unknown = undefined

  constructor(limit: Limit, burst: number) {
    this.#limit = limit
    this.#burst = burst
    this.#tokens = burst
  }

  get limit(): Limit {
    return this.#limit
  }

  get burst(): number {
    return this.#burst
  }

  /** Whether so many events can never happen at once. */
  excludes(n: number): boolean {
    return n > this.#burst && this.#limit !== Number.POSITIVE_INFINITY
  }

  tokensAt(t: number): number {
    if (this.#givenUp.length > 0) this.#settle()
    return this.#filledAt(t)
  }

  #filledAt(t: number): number {
    // A clock that went back fills nothing.
    const elapsedNs = t <= this.#last ? 0 : nsBetween(this.#last, t)
    return Math.min(this.#tokens + tokensIn(elapsedNs, this.#limit), this.#burst)
  }

  /** How long `n` events at `t` would have to wait. */
  waitNs(t: number, n: number): number {
    if (this.#limit === Number.POSITIVE_INFINITY) return 0
    const left = this.tokensAt(t) - n
    return left < 0 ? nsToFill(-left, this.#limit) : 0
  }

  /** Takes `n` tokens at `t` if the events need not wait, and says whether it did. */
  takeNow(t: number, n: number): boolean {
    if (this.#limit === Number.POSITIVE_INFINITY) return true
    if (n > this.#burst) return false
    const left = this.tokensAt(t) - n
    if (left < 0 && nsToFill(-left, this.#limit) > 0) return false
    this.#take(t, left, 0)
    return true
  }

  /** Takes `n` tokens at `t`, and says how long the events that they are for have to wait. */
  take(t: number, n: number): number {
    if (this.#limit === Number.POSITIVE_INFINITY) return 0
    const left = this.tokensAt(t) - n
    const waitNs = left < 0 ? nsToFill(-left, this.#limit) : 0
    this.#take(t, left, waitNs)
    return waitNs
  }

  #take(t: number, left: number, waitNs: number): void {
    this.#tokens = left
    this.#last = t
    this.#setLastEvent(t, waitNs)
  }

  /** Takes back, at `t`, what was granted for events that do not happen. */
  takeBack(grant: Grant, t: number): void {
    if (this.#givenUp.length > 0) this.#settle()
    this.#restore(grant, this.#nsToLastEvent(grant), t)
  }

  /**
   * {@link takeBack} for a wait that was given up. Those that one cause gives up are taken back together, the newest first:
   * oldest first, each but the newest would find another one behind it that counts on its tokens. (In Go their order is
   * up to the scheduler.)
   */
  giveUp(grant: Grant, t: number, cause: unknown): void {
    if (this.#givenUp.length > 0 && cause !== this.#causeOfGivingUp) this.#settle()
    this.#givenUp.push(grant)
    this.#givenUpAt = t
    this.#causeOfGivingUp = cause
  }

  #settle(): void {
    const grants = this.#givenUp
    this.#givenUp = []
    this.#causeOfGivingUp = undefined
    let behind: Grant | null = null
    for (let i = grants.length - 1; i >= 0; i--) {
      const grant = grants[i]!
      const isNext: boolean = behind !== null && Math.abs(behind.nsOfStartAfter(grant)) <= roundingNs
      const laterNs: number = isNext ? 0 : this.#nsToLastEvent(grant)
      this.#restore(grant, laterNs, this.#givenUpAt)
      behind = laterNs === 0 ? grant : null
    }
  }

  #restore(grant: Grant, laterNs: number, t: number): void {
    if (this.#limit === Number.POSITIVE_INFINITY || grant.tokens === 0) return
    // Those who came later count on the tokens that fill up to the last event: they keep them.
    const restored = grant.tokens - tokensIn(laterNs, grant.limit)
    if (restored <= 0) return
    this.#tokens = Math.min(this.#filledAt(t) + restored, this.#burst)
    this.#last = t
    if (laterNs !== 0) return
    const startNs = grant.waitNs + nsToFill(-grant.tokens, grant.limit)
    if (startNs >= nsBetween(grant.at, t)) this.#setLastEvent(grant.at, startNs)
  }

  #nsToLastEvent(grant: Grant): number {
    return bounded(nsBetween(grant.at, this.#lastEventAt) + (this.#lastEventWaitNs - grant.waitNs))
  }

  #setLastEvent(at: number, waitNs: number): void {
    this.#lastEventAt = at
    this.#lastEventWaitNs = waitNs
  }

  setLimit(t: number, limit: Limit): void {
    this.#fill(t)
    this.#limit = limit
  }

  setBurst(t: number, burst: number): void {
    this.#fill(t)
    this.#burst = burst
  }

  #fill(t: number): void {
    this.#tokens = this.tokensAt(t)
    this.#last = t
  }
}

function nsBetween(from: number, to: number): number {
  return bounded(Math.round((to - from) * nsPerMs))
}

function bounded(ns: number): number {
  return Math.max(-foreverNs, Math.min(ns, foreverNs))
}

/** How many tokens come in `ns`. */
function tokensIn(ns: number, limit: Limit): number {
  // Infinity times zero would be NaN.
  if (limit <= 0 || ns === 0) return 0
  // Go's Duration.Seconds, to the last digit.
  const seconds = Math.trunc(ns / nsPerSecond)
  return (seconds + (ns - seconds * nsPerSecond) / nsPerSecond) * limit
}

/** How long `tokens` take to come. */
function nsToFill(tokens: number, limit: Limit): number {
  if (limit <= 0) return foreverNs
  return Math.min(Math.trunc((tokens / limit) * nsPerSecond), foreverNs)
}
