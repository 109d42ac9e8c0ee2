import { mainState } from './program-end.ts'
import { scheduler } from './runtime.ts'

/** How many goroutines exist, the main one included. */
export function numGoroutine(): number {
  const isMainListed = scheduler.world() !== null || mainState.record !== null
  return scheduler.table.size + (isMainListed ? 0 : 1)
}
