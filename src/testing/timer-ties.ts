// Which of the timers that are due fires next: in the order in which they were started, or as decided in an exploration.
import type { Decisions } from '../runtime/decisions.ts'
import type { TimerEntry } from '../runtime/timer-heap.ts'
import { HostTimerEntry } from './host-timer-entry.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** The timer to fire now, before any of `turns` turns; undefined when none is due, or a turn is to come first. */
export function chooseTimer(clock: VirtualClock, turns: number, decisions: Decisions | null): TimerEntry | undefined {
  const first = clock.firstDue()
  if (first === undefined || decisions === null) return first
  let hasHostTimer = false
  const ties = clock.allDue().filter((entry) => {
    if (!(entry instanceof HostTimerEntry)) return true
    const isFirst = !hasHostTimer
    hasHostTimer = true
    return isFirst
  })
  const options = ties.length + (turns > 0 ? 1 : 0)
  return options === 1 ? first : ties[decisions.choose(options, 'timer')]
}
