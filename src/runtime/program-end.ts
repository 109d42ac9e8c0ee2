// What is said when nothing can ever run again while the main goroutine has not finished: Go's fatal error instead of
// Node's silent exit. Main is `run`'s main, or a top-level await that is still pending; a wait without an owner alone is
// only a leak.
import { formatDump } from './dump.ts'
import { GoroutineRecord } from './goroutine-record.ts'
import type { Scheduler } from './scheduler.ts'
import { WaitReason } from './wait-reason.ts'
import type { World } from './world.ts'

const deadlock = 'fatal error: all goroutines are asleep - deadlock!'
const mainExited = 'fatal error: no goroutines (main called runtime.Goexit) - deadlock!'

/** The main goroutine of the thread, as far as the end of the program is concerned. */
export interface MainState {
  record: GoroutineRecord | null
  /** Main ended by `goexit`: the program goes on until nothing is left, and that is then an error. */
  hasExited: boolean
  /** Goroutines with ids up to this one belong to a main that has returned: what they still throw is nobody's. */
  abandonedUpTo: number
  /** Stands for the program's top level, which is the main goroutine while `run` is not. In no table. */
  readonly topLevel: GoroutineRecord
  /** Whether the top level is known to be unfinished; the host alone cannot always tell. */
  isTopLevelPending: boolean
  /** The program has ended with the report of a deadlock. */
  isDeadlocked: boolean
}

// Registered like the runtime itself (runtime.ts): a second copy of the package has the same main goroutine.
const key: unique symbol = Symbol.for('warren.main')
const registry = globalThis as { [key]?: MainState }

registry[key] ??= newMainState()

/** That of the program. */
export const mainState: MainState = registry[key]

export function newMainState(): MainState {
  return {
    record: null,
    hasExited: false,
    abandonedUpTo: 0,
    topLevel: newTopLevel(),
    isTopLevelPending: false,
    isDeadlocked: false,
  }
}

export function mainStateOf(world: World | null): MainState {
  return world === null ? mainState : world.main
}

function newTopLevel(): GoroutineRecord {
  const record = new GoroutineRecord(1, 0)
  record.name = 'main'
  record.kind = 'main'
  record.reason = WaitReason.unknown
  return record
}

/** The goroutines of the calling world, the main one included. */
export function liveRecords(scheduler: Scheduler): GoroutineRecord[] {
  const records = [...scheduler.table]
  if (scheduler.world() !== null) return records
  if (mainState.record === null && !mainState.hasExited) records.push(mainState.topLevel)
  return records
}

/** All goroutines in Go's form, without a newline at its end. `running` is the goroutine that asks, if it is one. */
export function dumpAll(scheduler: Scheduler, running?: GoroutineRecord): string {
  const records = liveRecords(scheduler)
  const isEveryOwnerKnown = scheduler.identity !== null && !records.some(({ reason }) => reason === WaitReason.unknown)
  return formatDump({
    records,
    running,
    now: scheduler.clock.now(),
    awaiting: isEveryOwnerKnown ? undefined : awaitingWaits(scheduler),
  })
}

/** How many waits are awaited, by reason, without the join with which `run` itself waits for its main. */
function awaitingWaits(scheduler: Scheduler): number[] {
  return scheduler.unownedWaits.map((count, reason) =>
    reason === WaitReason.join && mainState.record !== null ? Math.max(0, count - 1) : count,
  )
}

export function watchProgramEnd(scheduler: Scheduler): void {
  scheduler.host.onQuiescence((stuckTopLevel) => {
    const isMainBlocked = mainState.record !== null || stuckTopLevel || mainState.isTopLevelPending
    mainState.isDeadlocked = isMainBlocked || mainState.hasExited
    if (!mainState.isDeadlocked) return undefined
    if (mainState.hasExited && scheduler.table.size === 0) return mainExited
    return `${deadlock}\n\n${dumpAll(scheduler)}`
  })
}
