// The seam for detectors, profiles, traces and the dashboard: one nullable table of hooks, tested inline
// (`if (scheduler.hooks !== null)`), so that it costs nothing visible while nobody listens.
import type { GoroutineRecord } from './goroutine-record.ts'
import type { WaitReason } from './wait-reason.ts'

export type OperationKind = 'send' | 'receive' | 'close' | 'lock' | 'unlock' | 'signal' | 'broadcast'

export interface Hooks {
  go(record: GoroutineRecord, parent: GoroutineRecord | undefined): void
  start(record: GoroutineRecord): void
  /** The goroutine, where it is known, waits for `reason`. */
  park(record: GoroutineRecord | undefined, reason: WaitReason): void
  /** A parked wait was completed by `by`, where it is known. */
  ready(record: GoroutineRecord | undefined, by: GoroutineRecord | undefined): void
  end(record: GoroutineRecord, error: unknown): void
  /** An operation on a primitive took effect. */
  operation(kind: OperationKind, primitive: object, by: GoroutineRecord | undefined): void
}
