// Snapshots of goroutines for people and tools: plain data, frozen in time, that retains nothing of the program.
import { stateOf } from '../runtime/dump.ts'
import type { GoroutineKind, GoroutineRecord as RuntimeRecord } from '../runtime/goroutine-record.ts'
import { liveRecords } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'
import { isParked, waitReasonText } from '../runtime/wait-reason.ts'

/** What a goroutine waits for and others hold: a lock, for instance. */
export interface HeldResource {
  /** The class of it, as in `sync.Mutex`. */
  readonly kind: string
  /** Tells it from others of its kind in this program. */
  readonly id: number
  /** The ids of the goroutines that hold it. */
  readonly holders: readonly number[]
}

/** A goroutine at one moment. */
export interface GoroutineRecord {
  /** 1 is the main goroutine. */
  readonly id: number
  /** The name of its function, or ''. */
  readonly name: string
  /** The goroutine that started it; 0 for the main goroutine. */
  readonly parentId: number
  /** `generator` also before it has started. */
  readonly kind: GoroutineKind
  /**
   * `running`, `runnable`, or what it waits for in Go's words (`chan receive`, `select`, `sync.Mutex.Lock`, ...), `IO wait`
   * being any promise that is not warren's. `async, not tracked` where nothing is known: an async goroutine without
   * `WARREN_DEBUG=1` or `warren run`. `dead` in the event of its end.
   */
  readonly state: string
  /** Since when it waits, in milliseconds of the runtime's steady clock, to some milliseconds; undefined if it does not. */
  readonly since: number | undefined
  /** The stack that started it, under `WARREN_DEBUG=1` and in `warren run`. */
  readonly createdAt: string | undefined
  /** The stack at which it waits, where `createdAt` is known too. */
  readonly blockedAt: string | undefined
  readonly waitsFor: HeldResource | undefined
}

/**
 * All live goroutines, the main one included, oldest first. Snapshots: they do not change, and keep nothing alive.
 * @example
 * const idle = go(function* worker() {
 *   yield* chan<number>().receive()
 * })
 * await gosched()
 * const { name, state } = goroutines().find(({ id }) => id === idle.id)!
 * console.log(name, state) // worker chan receive
 */
export function goroutines(): GoroutineRecord[] {
  const running = scheduler.currentRecord()
  return liveRecords(scheduler)
    .sort((a, b) => a.id - b.id)
    .map((record) => snapshot(record, running))
}

/** The record as it is now; `running` is the goroutine whose code is running. */
export function snapshot(record: RuntimeRecord, running: RuntimeRecord | undefined): GoroutineRecord {
  const { id, name, parentId, kind, createdAt } = record
  const waits = isParked(record.reason) && record !== running
  const resource = waits ? record.waitsFor : null
  return {
    id,
    name,
    parentId,
    kind,
    state: waitReasonText(stateOf(record, record === running)),
    since: waits ? record.since : undefined,
    createdAt,
    blockedAt: waits ? record.blockedAt : undefined,
    waitsFor:
      resource === null
        ? undefined
        : { kind: resource.kind, id: resource.id, holders: [...resource.holders].map((holder) => holder.id) },
  }
}
