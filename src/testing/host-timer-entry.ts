// A timer of JavaScript's own on a bubble's clock. Those of one bubble keep their order among themselves, as the language
// promises; and one that is `unref`ed is nothing that a program would go on for.
import { TimerEntry } from '../runtime/timer-heap.ts'

export class HostTimerEntry extends TimerEntry {
  hasRef = true
}

export function isUnrefed(entry: TimerEntry): boolean {
  return entry instanceof HostTimerEntry && !entry.hasRef
}
