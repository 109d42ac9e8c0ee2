// The seam for detectors, profiles, traces and the dashboard: one nullable table of hooks, tested inline
// (`if (scheduler.hooks !== null)`), so that it costs nothing visible while nobody listens.
import type { GoroutineRecord, Resource } from './goroutine-record.ts'
import type { WaitReason } from './wait-reason.ts'

export type OperationKind = 'send' | 'receive' | 'close' | 'lock' | 'unlock' | 'signal' | 'broadcast'

/** What happens to that which goroutines own: for who watches locks. `isShared` says that it is a reader's hold. */
export interface LockHooks {
  /** The caller wants it, and will wait for it if need be: for ever, or as long as its context allows. */
  ask(resource: Resource, isShared: boolean, isCancelable: boolean): void
  /** `record`, where it is known, holds it from now on: it asked for it, or tried, or has it back from a Cond. */
  take(resource: Resource, isShared: boolean, record: GoroutineRecord | undefined): void
  /** The caller is about to end a hold of `holder`, where that is known. */
  release(resource: Resource, isShared: boolean, holder: GoroutineRecord | undefined): void
}

export interface Hooks {
  go(record: GoroutineRecord, parent: GoroutineRecord | undefined): void
  start(record: GoroutineRecord): void
  /** The goroutine, where it is known, waits for `reason`; `isCancelable` if that may end by something else, as a context. */
  park(record: GoroutineRecord | undefined, reason: WaitReason, isCancelable: boolean): void
  /** A parked wait was completed by `by`, where it is known. */
  ready(record: GoroutineRecord | undefined, by: GoroutineRecord | undefined): void
  /** It runs: it has started, or goes on after a wait or after it gave way. */
  resume?: ((record: GoroutineRecord) => void) | undefined
  /** It gives way, and is runnable again at once. */
  giveWay?: ((record: GoroutineRecord) => void) | undefined
  end(record: GoroutineRecord, error: unknown): void
  /** An operation on a primitive took effect. */
  operation(kind: OperationKind, primitive: object, by: GoroutineRecord | undefined): void
  /**
   * What `from` has done happens before what `to` does next: goroutines where they are known, or objects through which they
   * meet. Only where neither `ready` nor `operation` tells.
   */
  order?: ((from: object | null | undefined, to: object | null | undefined) => void) | undefined
  readonly locks?: LockHooks | undefined
}
