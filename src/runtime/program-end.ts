// What is said when nothing can ever run again while the main goroutine has not finished: Go's fatal error instead of
// Node's silent exit. Main is `run`'s main, or a top-level await that is still pending; a wait without an owner alone is
// only a leak.
import { formatDump } from './dump.ts'
import type { GoroutineRecord } from './goroutine-record.ts'
import type { Scheduler } from './scheduler.ts'

const deadlock = 'fatal error: all goroutines are asleep - deadlock!'
const mainExited = 'fatal error: no goroutines (main called runtime.Goexit) - deadlock!'

/** The main goroutine of the thread, as far as the end of the program is concerned. */
export interface MainState {
  record: GoroutineRecord | null
  /** Main ended by `goexit`: the program goes on until nothing is left, and that is then an error. */
  hasExited: boolean
}

export const mainState: MainState = { record: null, hasExited: false }

export function watchProgramEnd(scheduler: Scheduler): void {
  scheduler.host.onQuiescence((stuckTopLevel) => {
    if (mainState.hasExited && scheduler.table.size === 0) return mainExited
    if (mainState.record === null && !mainState.hasExited && !stuckTopLevel) return undefined
    return `${deadlock}\n\n${formatDump(scheduler)}`
  })
}
