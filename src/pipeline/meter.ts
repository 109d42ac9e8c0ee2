// What can be counted of a queue while it is at work: Little's law read backwards. The area under the length over time is the
// sum of all waits, so the mean wait needs no time stamp per value.

import type { ReceiveChan } from '../chan/types.ts'
import { invalidType } from '../errors/argument.ts'
import { scheduler } from '../runtime/runtime.ts'

/** What a stage has counted so far. A value that it dropped (a filter, an end before its time) has departed; a batch departs with all its values. */
export interface StageStats {
  /** How many values it has taken in. */
  readonly arrivals: number
  /** How many of them have left it. */
  readonly departures: number
  /** How many are in it: under way, held or buffered. */
  readonly length: number
  /** How many were in it on average over time. */
  readonly meanLength: number
  /** How long a value stays in it on average, in milliseconds. */
  readonly meanWaitMs: number
  /** Arrivals per second. */
  readonly arrivalRate: number
  /** Since when: milliseconds since the stage was made. */
  readonly elapsedMs: number
}

export class Meter {
  readonly #clock = scheduler.clock
  readonly #start: number = this.#clock.now()
  #changed = this.#start
  #arrivals = 0
  #departures = 0
  /** The sum over time of the length: value milliseconds. */
  #area = 0

  arrived(): void {
    this.#advance()
    this.#arrivals++
  }

  departed(count: number): void {
    this.#advance()
    this.#departures += count
  }

  /** What was still in it has been dropped. */
  emptied(): void {
    this.departed(this.#arrivals - this.#departures)
  }

  read(): StageStats {
    this.#advance()
    const elapsedMs = this.#changed - this.#start
    return {
      arrivals: this.#arrivals,
      departures: this.#departures,
      length: this.#arrivals - this.#departures,
      meanLength: ratio(this.#area, elapsedMs),
      meanWaitMs: ratio(this.#area, this.#arrivals),
      arrivalRate: ratio(this.#arrivals * 1000, elapsedMs),
      elapsedMs,
    }
  }

  #advance(): void {
    const now = this.#clock.now()
    this.#area += (this.#arrivals - this.#departures) * (now - this.#changed)
    this.#changed = now
  }
}

function ratio(dividend: number, divisor: number): number {
  return divisor === 0 ? 0 : dividend / divisor
}

/**
 * Reads the counters of a stage that was made with `measured: true`.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` for any other channel.
 * @example
 * const queue = buffer(fromIterable([1, 2, 3]), 2, { measured: true })
 * await collect(queue)
 * console.log(stats(queue).arrivals, stats(queue).departures, stats(queue).length) // 3 3 0
 */
export function stats(stage: ReceiveChan<unknown>): StageStats {
  const meter = typeof stage === 'object' && stage !== null && (stage as { meter?: Meter | null }).meter
  if (!meter) throw invalidType('stage', 'a stage made with { measured: true }', stage)
  return meter.read()
}
