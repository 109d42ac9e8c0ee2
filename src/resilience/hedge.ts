// Hedged requests, after Dean and Barroso, The Tail at Scale (CACM 2013): a second attempt, only when the first takes
// unusually long.
import { requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Clock } from '../runtime/clock.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { Operation } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import { dueIn } from '../time/duration.ts'
import { afterArrivals } from './after-arrivals.ts'
import { type HedgeOptions, Hedger } from './hedger.ts'
import { Race, type Replica, runRace } from './race.ts'

/** Whose latencies and budget are those of plain options. */
const hedgers = new WeakMap<HedgeOptions, Hedger>()

class HedgedCall<T> extends Race<T> {
  readonly #hedger: Hedger
  readonly #clock: Clock = scheduler.clock
  readonly #start: number = this.#clock.now()
  readonly #caller: GoroutineRecord | undefined = scheduler.currentRecord()
  readonly #delayMs: number | undefined
  readonly #timer: TimerEntry = new TimerEntry(() => this.#fired())
  /** Whether it has ended by itself. */
  #isFirstOver = false

  constructor(fn: Replica<T>, hedger: Hedger, ctx: Cancel | undefined) {
    requireFunction('fn', fn)
    super(hedger.max, fn, ctx)
    this.#hedger = hedger
    this.#delayMs = hedger.delayMs
  }

  protected begin(): void {
    this.#hedger.noteCall()
    this.#clock.retain(this.#timer)
    this.startNext()
    this.#setTimer()
  }

  protected override attemptSucceeded(i: number): void {
    if (i > 0) {
      this.#hedger.wins++
      return
    }
    this.#isFirstOver = true
    this.#hedger.noteLatency(this.#elapsedMs())
  }

  protected attemptFailed(i: number, error: unknown): boolean {
    if (i === 0) this.#isFirstOver = true
    if (this.#hedger.isFinal?.(error) === true) return true
    this.#hedge()
    return false
  }

  protected override over(): void {
    this.#clock.stop(this.#timer)
    this.#clock.release(this.#timer)
    if (this.#isFirstOver) return
    // Given up: how long it would have taken is not known. That it took longer than most is, if it did.
    const elapsedMs = this.#elapsedMs()
    if (this.#delayMs !== undefined && elapsedMs >= this.#delayMs) this.#hedger.noteLatency(elapsedMs)
  }

  #elapsedMs(): number {
    return this.#clock.now() - this.#start
  }

  #setTimer(): void {
    const delayMs = this.#delayMs
    if (delayMs === undefined || delayMs === Number.POSITIVE_INFINITY || this.started === this.#hedger.max) return
    if (delayMs === 0) {
      this.#hedge()
      return
    }
    this.#timer.due = dueIn(this.#clock, delayMs)
    this.#clock.start(this.#timer)
  }

  #fired(): void {
    const { started } = this
    afterArrivals(this.#caller, () => {
      if (!this.isOver && this.started === started) this.#hedge()
    })
  }

  /** Starts the next attempt, if there may be one. */
  #hedge(): void {
    this.#clock.stop(this.#timer)
    if (this.started === this.#hedger.max || !this.#hedger.allows()) return
    this.startNext()
    this.#setTimer()
  }
}

/**
 * Runs `fn`, and when it takes unusually long, or fails, runs it again beside that; returns the result of the first attempt that
 * succeeds. The context of the others ends then. `fn` gets that context and the number of the attempt, from 0: to ask another
 * server, say. It may be async, a generator function or plain, and must be safe to do more than once.
 *
 * How long is too long is a time, or a percentile of what was measured. Each further attempt waits as long again, or for the
 * failure of one before. A budget bounds the load that they add: when everything is slow at once, more of it would not help.
 * Latencies and budget belong to a {@link Hedger}; those of plain options to the very object, so share it between calls too. An object made at
 * the call knows nothing of others: it has no latencies, and its budget is full.
 *
 * *Blocking*: until an attempt succeeds or all have failed; not until the losers have stopped. *Cancellation*: all attempts are cancelled; so
 * are they when the calling goroutine is killed. What losers return or throw is dropped. *Ordering*: all that the winner did happens before it returns.
 * @throws {AllFailedError} when all have failed, with each error in the order of the attempts; what `isFinal` says yes to, as it is.
 * @throws {ContextError} when `ctx` ends first.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE`.
 * @example
 * const answer = await hedge(async (ctx, i) => {
 *   await sleep(i === 0 ? 60_000 : 1, ctx)
 *   return `attempt ${i}`
 * }, { delayMs: 20, max: 2 })
 * console.log(answer) // attempt 1
 */
export function hedge<T>(fn: Replica<T>, options: HedgeOptions | Hedger, ctx?: Cancel): Operation<T> {
  return runRace(() => new HedgedCall(fn, hedgerOf(options), ctx), ctx)
}

function hedgerOf(options: HedgeOptions | Hedger): Hedger {
  if (options instanceof Hedger) return options
  let hedger = hedgers.get(options)
  if (hedger === undefined) {
    hedger = new Hedger(options)
    hedgers.set(options, hedger)
  }
  return hedger
}
