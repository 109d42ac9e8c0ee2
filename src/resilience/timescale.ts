// Where a Date lies on the scale of the steady clock, by which a limiter measures. The distance between the two is noted
// once, in whole milliseconds: what Dates say about each other stays as they say it, and a wall clock that is set meanwhile
// does not move what was measured without it.
import type { Clock } from '../runtime/clock.ts'
import { scheduler } from '../runtime/runtime.ts'

export class Timescale {
  #clock: Clock = scheduler.clock
  #offset = offsetOf(this.#clock)

  /** The point on the scale of the caller's clock. */
  pointOf(date: Date): number {
    const { clock } = scheduler
    if (clock !== this.#clock) {
      this.#clock = clock
      this.#offset = offsetOf(clock)
    }
    return date.getTime() - this.#offset
  }
}

function offsetOf(clock: Clock): number {
  return Math.round(clock.wallTime() - clock.now())
}
