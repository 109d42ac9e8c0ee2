// One event in the future: a value on a channel, or a call of a function.

import { never } from '../chan/never.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { requireDuration, requireFunction } from '../errors/argument.ts'
import type { Clock } from '../runtime/clock.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import { Callback } from './callback.ts'
import { dueIn } from './duration.ts'
import { TickSource } from './timer-chan.ts'

/** The timer of `afterFunc`; it keeps the program alive while it is started. */
class Call extends TimerEntry {
  readonly callback: Callback
  #clock: Clock = scheduler.clock

  constructor(fn: () => GoroutineBody<unknown>) {
    super(callBack)
    this.callback = new Callback(fn)
  }

  set(ms: number): void {
    this.#clock = scheduler.clock
    this.due = dueIn(this.#clock, ms)
    if (this.waits === 0) this.#clock.retain(this)
    this.#clock.start(this)
  }

  stop(): boolean {
    return this.#clock.stop(this)
  }
}

function callBack(this: Call): void {
  this.callback.start()
}

/**
 * A single event in the future: after `ms` milliseconds the current time can be received from `c`.
 *
 * It keeps the program alive only while someone waits on `c` (one made by {@link afterFunc}: until it has fired). A timer
 * that nobody refers to is garbage, also when it is still to fire.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ms` is not a number, `ERR_OUT_OF_RANGE` when it is NaN.
 * @example
 * const timer = new Timer(60_000)
 * console.log(timer.stop()) // true
 * console.log(timer.stop()) // false
 */
export class Timer {
  /** Delivers one Date; the nil channel for a timer made by {@link afterFunc}. Never closed. */
  readonly c: ReceiveChan<Date>
  readonly #event: TickSource | Call

  constructor(ms: number)
  /** @internal */
  constructor(ms: number, fn: () => GoroutineBody<unknown>)
  constructor(ms: number, fn?: () => GoroutineBody<unknown>) {
    requireDuration('ms', ms)
    if (fn === undefined) {
      const source = new TickSource()
      this.c = source.channel
      this.#event = source
    } else {
      this.c = never
      this.#event = new Call(fn)
    }
    this.#event.set(ms, 0)
  }

  /**
   * Prevents the timer from firing; says whether it did so. After it nothing can be received from `c`, not even when
   * the timer had fired and nobody had received: then `stop` returns true. A function that has started is not stopped.
   */
  stop(): boolean {
    return this.#event.stop()
  }

  /**
   * Lets the timer fire `ms` milliseconds from now, whether it had been active, stopped or fired; returns what
   * {@link stop} would have. What can be received from `c` afterwards is from the new setting.
   */
  reset(ms: number): boolean {
    requireDuration('ms', ms)
    const wasActive = this.#event.stop()
    this.#event.set(ms, 0)
    return wasActive
  }

  [Symbol.dispose](): void {
    this.stop()
  }
}

/**
 * A channel that delivers the current time once, `ms` milliseconds from now: a timeout as the case of a select.
 *
 * It costs nothing once nobody waits on it: there is no need to stop it.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ms` is not a number, `ERR_OUT_OF_RANGE` when it is NaN.
 * @example
 * const picked = await select({ job: chan<string>(), timeout: after(10) })
 * console.log(picked.case) // timeout
 */
export function after(ms: number): ReceiveChan<Date> {
  return new Timer(ms).c
}

/**
 * Calls `fn` in a goroutine of its own, `ms` milliseconds from now, unless the returned timer is stopped before.
 *
 * It keeps the program alive until then. The timer's channel is never used; `reset` lets it call `fn` (again).
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ms` is not a number or `fn` not a function, `ERR_OUT_OF_RANGE` for NaN.
 * @example
 * const called = chan<string>()
 * afterFunc(10, async () => called.send('called'))
 * console.log(await called.receive()) // called
 */
export function afterFunc(ms: number, fn: () => GoroutineBody<unknown>): Timer {
  requireFunction('fn', fn)
  return new Timer(ms, fn)
}
