// "Who am I?" for goroutines that the scheduler does not resume itself.
import type { GoroutineRecord } from './goroutine-record.ts'
import type { RunInContext } from './host.ts'

/** Carries a goroutine's record through its awaits. No other part may depend on its being on. */
export interface Identity {
  /** Calls `fn` such that `current()` is `record` in it and in all that it awaits. */
  run<R>(record: GoroutineRecord, fn: () => R): R
  current(): GoroutineRecord | undefined
  /** The asynchronous context of the caller, save that `current()` is `record` in it. */
  capture(record: GoroutineRecord): RunInContext
}
