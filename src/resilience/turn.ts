// Waiting for the turn that limiters give: a wait that a timer ends. Whatever else ends it, a context or a kill, means that the
// events will not happen: what was taken for them is given back in the same step.
import { msToDeadline } from '../context/deadline.ts'
import { requireInteger } from '../errors/argument.ts'
import { type Cancel, type CancelSource, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import type { Clock } from '../runtime/clock.ts'
import { fail, isInterrupted, neverEnding, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { dueIn } from '../time/duration.ts'
import { giveUp, longestWaitNs, takeAhead, takeNow } from './grants.ts'
import { burstExceeded, deadlineTooNear } from './limit-error.ts'
import { foreverNs, type Grant, type TokenBucket } from './token-bucket.ts'

const nsPerMs = 1e6

class Turn extends TimerEntry implements QueueObserver {
  readonly #clock: Clock
  readonly #grants: Grant | null
  readonly #source: CancelSource | null
  #hasCome = false
  /** Holds the one waiter until its turn has come, or it is cancelled or killed. */
  readonly queue: WaitQueue = new WaitQueue(this)

  constructor(clock: Clock, waitNs: number, grants: Grant | null, source: CancelSource | null) {
    super(comeTurn)
    this.#clock = clock
    this.#grants = grants
    this.#source = source
    this.due = dueIn(clock, waitNs >= foreverNs ? Number.POSITIVE_INFINITY : waitNs / nsPerMs)
  }

  entered(): void {
    this.#clock.retain(this)
    this.#clock.start(this)
  }

  left(): void {
    this.#clock.stop(this)
    // Also when its time was over and the timer had yet to say so: nobody has acted on it.
    if (!this.#hasCome) giveUp(this.#grants, this.#clock.now(), this.#source?.error ?? this)
  }

  come(): void {
    this.#hasCome = true
    scheduler.wake(this.queue.head!, undefined, false)
  }
}

function comeTurn(this: Turn): void {
  this.come()
}

/** Waits until all of `buckets` let `n` events through. */
export function awaitTurn(buckets: readonly TokenBucket[], n: number, ctx: Cancel | undefined): Operation<void> {
  if (isInterrupted()) return neverEnding(WaitReason.sleep)
  try {
    requireInteger('n', n, 0)
  } catch (error) {
    return fail(error)
  }
  for (const bucket of buckets) if (bucket.excludes(n)) return fail(burstExceeded(n, bucket.burst))
  const source = ctx === undefined ? null : cancelSourceOf(ctx)
  if (source !== null && source.error !== undefined) return fail(source.error)
  const { clock } = scheduler
  const now = clock.now()
  const leftNs = Math.round(msToDeadline(source) * nsPerMs)
  // A deadline may be over before its context ends: that stops only who has a limit.
  if ((leftNs >= 0 || isUnlimited(buckets)) && takeNow(buckets, now, undefined, n)) return settleVoid()
  const waitNs = longestWaitNs(buckets, now, undefined, n)
  if (waitNs > leftNs) return fail(deadlineTooNear(n))
  const waiter = new Waiter(WaitReason.sleep, undefined, undefined)
  new Turn(clock, waitNs, takeAhead(buckets, now, undefined, n), source).queue.push(waiter)
  return parkUnder(waiter, source)
}

function isUnlimited(buckets: readonly TokenBucket[]): boolean {
  return buckets.every(({ limit }) => limit === Number.POSITIVE_INFINITY)
}
