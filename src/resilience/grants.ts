// Taking from one bucket, or from several for the same events. Nothing runs between looking and taking: so either all give
// or none does, and who is refused has taken nothing, not even for a moment.
//
// A point in time is a Date of the caller's or, where that is undefined, what the steady clock says: `now`.
import { Grant, type TokenBucket } from './token-bucket.ts'

export function pointIn(bucket: TokenBucket, now: number, at: Date | undefined): number {
  return at === undefined ? now : bucket.timescale.pointOf(at)
}

/** How long `n` events would have to wait for the slowest; Infinity when one of the buckets never holds so many. */
export function longestWaitNs(buckets: readonly TokenBucket[], now: number, at: Date | undefined, n: number): number {
  let longest = 0
  for (const bucket of buckets) {
    if (bucket.excludes(n)) return Number.POSITIVE_INFINITY
    longest = Math.max(longest, bucket.waitNs(pointIn(bucket, now, at), n))
  }
  return longest
}

/** Takes for events that happen now, if they may, and says whether it did. */
export function takeNow(buckets: readonly TokenBucket[], now: number, at: Date | undefined, n: number): boolean {
  if (buckets.length === 1) {
    const bucket = buckets[0]!
    return bucket.takeNow(pointIn(bucket, now, at), n)
  }
  if (longestWaitNs(buckets, now, at, n) > 0) return false
  for (const bucket of buckets) bucket.take(pointIn(bucket, now, at), n)
  return true
}

/** Takes for events that will happen; null when there is no bucket. */
export function takeAhead(buckets: readonly TokenBucket[], now: number, at: Date | undefined, n: number): Grant | null {
  let grants: Grant | null = null
  for (const bucket of buckets) {
    const t = pointIn(bucket, now, at)
    grants = new Grant(bucket, t, bucket.take(t, n), n, grants)
  }
  return grants
}

/** How long it is until the events may happen; negative when they may have happened already. */
export function nsUntil(grants: Grant | null, now: number, at: Date | undefined): number {
  let longest = Number.NEGATIVE_INFINITY
  for (let grant = grants; grant !== null; grant = grant.next) {
    longest = Math.max(longest, grant.nsFrom(pointIn(grant.bucket, now, at)))
  }
  return longest
}

/** Gives everything back, for events that will not happen. */
export function giveBack(grants: Grant | null, now: number, at: Date | undefined): void {
  for (let grant = grants; grant !== null; grant = grant.next) {
    grant.bucket.takeBack(grant, pointIn(grant.bucket, now, at))
  }
}

/** Gives everything back, for events that their waiter no longer waits for. */
export function giveUp(grants: Grant | null, now: number, cause: unknown): void {
  for (let grant = grants; grant !== null; grant = grant.next) grant.bucket.giveUp(grant, now, cause)
}
