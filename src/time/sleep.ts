// Sleeping: a wait that only a timer ends. The entry leaves the clock together with the waiter, whatever ends the wait.
import { requireDuration } from '../errors/argument.ts'
import { type Cancel, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import type { Clock } from '../runtime/clock.ts'
import { fail, isInterrupted, neverEnding, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { dueIn } from './duration.ts'

class Sleep extends TimerEntry implements QueueObserver {
  readonly #clock: Clock = scheduler.clock
  /** Holds the one waiter until it is woken, cancelled or killed. */
  readonly queue: WaitQueue = new WaitQueue(this)

  constructor(ms: number) {
    super(wakeSleeper)
    this.due = dueIn(this.#clock, ms)
  }

  entered(): void {
    this.#clock.retain(this)
    this.#clock.start(this)
  }

  left(): void {
    this.#clock.stop(this)
  }
}

function wakeSleeper(this: Sleep): void {
  scheduler.wake(this.queue.head!, undefined, false)
}

/**
 * Pauses the calling goroutine for at least `ms` milliseconds; at once when `ms` is zero or negative.
 *
 * *Blocking*: until the time has passed. It keeps the program alive. *Cancellation*: the timer goes with the wait.
 * @throws {ContextError} when `ctx` ends first.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ms` is not a number, `ERR_OUT_OF_RANGE` when it is NaN.
 * @example
 * const start = Date.now()
 * await sleep(20)
 * console.log(Date.now() - start >= 19) // true
 */
export function sleep(ms: number, ctx?: Cancel): Operation<void> {
  if (isInterrupted()) return neverEnding(WaitReason.sleep)
  try {
    requireDuration('ms', ms)
  } catch (error) {
    return fail(error)
  }
  const source = ctx === undefined ? null : cancelSourceOf(ctx)
  if (source !== null && source.error !== undefined) return fail(source.error)
  if (ms <= 0) return settleVoid()
  const waiter = new Waiter(WaitReason.sleep, undefined, undefined)
  new Sleep(ms).queue.push(waiter)
  return parkUnder(waiter, source)
}
