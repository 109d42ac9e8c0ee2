// What is started on the clock of the caller.
import { scheduler } from '../../src/runtime/runtime.ts'
import type { TimerEntry } from '../../src/runtime/timer-heap.ts'

export interface TimerWatch {
  /** Those that are started, oldest first. */
  readonly started: readonly TimerEntry[]
  /** How many there are. */
  readonly pending: number
  /** How many of them keep the program alive. */
  readonly retained: number
}

/** Watches the calling bubble's clock, or the real one, from now on. */
export function watchTimers(): TimerWatch {
  const { clock } = scheduler
  const started = new Set<TimerEntry>()
  const [start, stop] = [clock.start.bind(clock), clock.stop.bind(clock)]
  clock.start = (entry) => {
    started.add(entry)
    start(entry)
  }
  // Also what fires is stopped first.
  clock.stop = (entry) => {
    started.delete(entry)
    return stop(entry)
  }
  return {
    get started() {
      return [...started]
    },
    get pending() {
      return started.size
    },
    get retained() {
      return [...started].filter(({ waits }) => waits > 0).length
    },
  }
}
