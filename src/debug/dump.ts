import { dumpAll } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'

/**
 * All live goroutines as Go prints them: `goroutine 7 [chan receive, 3 minutes]:`, where it waits, `created by` where;
 * the main goroutine first, and before it any cycle of goroutines that wait for each other's locks. Sites are there
 * under `WARREN_DEBUG=1` and in `warren run`. Without a newline at its end.
 */
export function dump(): string {
  return dumpAll(scheduler, scheduler.currentRecord())
}
