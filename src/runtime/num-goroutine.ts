import { mainState } from './program-end.ts'
import { scheduler } from './runtime.ts'

/** How many goroutines exist, the main one included. */
export function numGoroutine(): number {
  return scheduler.table.size + (mainState.record === null ? 1 : 0)
}
