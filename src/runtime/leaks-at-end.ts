// What `WARREN_LEAKS=1` and `warren run --leaks` turn on: when the program ends, it says which goroutines it left behind.
import { startDebugging } from './debugging.ts'
import { stateOf } from './dump.ts'
import type { GoroutineRecord } from './goroutine-record.ts'
import { formatLeft } from './leak-report.ts'
import { mainState } from './program-end.ts'
import { proveLeaks, trackLeaks } from './prove-leaks.ts'
import type { Scheduler } from './scheduler.ts'
import { isParked, WaitReason, waitReasonText } from './wait-reason.ts'

/** To be called before the first goroutine is made; the end of the program is then watched from the first use on. */
export function reportLeaksAtEnd(scheduler: Scheduler): void {
  startDebugging(scheduler)
  trackLeaks(scheduler).reportsAtEnd = true
}

/** To be called after `watchProgramEnd`: of a deadlock, the dump has told everything. */
export function watchLeaks(scheduler: Scheduler): void {
  scheduler.host.onEnd(
    () => proveLeaks(scheduler),
    (end) => {
      if (mainState.isDeadlocked) return undefined
      // Before main has finished, goroutines may wait. An error that ends the program ends main early, too.
      const isMainOver = end === 'finished' || (end === 'exit' && mainState.record === null)
      const left = [...scheduler.table].flatMap((record) => viewOf(record, scheduler, isMainOver) ?? [])
      return left.length === 0 ? undefined : formatLeft(left)
    },
  )
}

function viewOf(record: GoroutineRecord, scheduler: Scheduler, isMainOver: boolean) {
  const proven = scheduler.leaks!.proven.has(record)
  if (!proven && !(isMainOver && isLeftParked(record))) return undefined
  const { name, parentId, createdAt, blockedAt } = record
  const state = stateOf(record, false)
  return {
    proven,
    goroutine: {
      name,
      parentId,
      state: waitReasonText(state),
      createdAt,
      blockedAt: isParked(record.reason) ? blockedAt : undefined,
    },
  }
}

/** Whether it waits for something of ours. A foreign promise may belong to what the program need not wait for. */
function isLeftParked(record: GoroutineRecord): boolean {
  return record.kind !== 'main' && isParked(record.reason) && record.reason !== WaitReason.io
}
