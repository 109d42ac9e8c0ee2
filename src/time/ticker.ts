// Events at equal distances.

import { never } from '../chan/never.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { requireDuration } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { TickSource } from './timer-chan.ts'

/**
 * Delivers the current time on `c` every `ms` milliseconds.
 *
 * It drops ticks for slow receivers and keeps its phase: each tick is due a whole number of intervals after the start. It
 * keeps the program alive only while someone waits on `c`. One that nobody refers to is garbage: there is no need to stop it.
 * @throws {PanicError} `ERR_TICKER_INTERVAL` when `ms` is zero or negative, `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
 * @example
 * using ticker = new Ticker(10)
 * const first = await ticker.c.receive()
 * const second = await ticker.c.receive()
 * console.log(second! >= first!) // true
 */
export class Ticker {
  /** Delivers a Date per tick. Never closed, also not by {@link stop}. */
  readonly c: ReceiveChan<Date>
  readonly #source = new TickSource()

  constructor(ms: number) {
    requireDuration('ms', ms)
    if (ms <= 0) throw new PanicError('ERR_TICKER_INTERVAL')
    this.c = this.#source.channel
    this.#source.set(ms, ms)
  }

  /** No more ticks: nothing can be received from `c` after it. It does not close `c`. */
  stop(): void {
    this.#source.stop()
  }

  /**
   * Starts again with an interval of `ms` milliseconds: the next tick comes after that time.
   * @throws {PanicError} `ERR_TICKER_RESET` when `ms` is zero or negative.
   */
  reset(ms: number): void {
    requireDuration('ms', ms)
    if (ms <= 0) throw new PanicError('ERR_TICKER_RESET')
    this.#source.stop()
    this.#source.set(ms, ms)
  }

  [Symbol.dispose](): void {
    this.stop()
  }
}

/**
 * The channel of a new {@link Ticker}, for when there is no need to stop it; the nil channel when `ms` is zero or negative.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ms` is not a number, `ERR_OUT_OF_RANGE` when it is NaN.
 * @example
 * const everySecond = tick(Second)
 * console.log(everySecond.length) // 0
 */
export function tick(ms: number): ReceiveChan<Date> {
  requireDuration('ms', ms)
  return ms <= 0 ? never : new Ticker(ms).c
}
