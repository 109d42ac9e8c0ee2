// A call in a turn of the run queue of its own: the user's code never runs inside somebody else's step.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { RunInContext } from '../runtime/host.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Resumable } from '../runtime/waiter.ts'

/** In a bubble, the calling goroutine: what it makes takes its turns there. */
export function ownRecord(): GoroutineRecord | null {
  return scheduler.world() === null ? null : (scheduler.currentRecord() ?? null)
}

/** The asynchronous context of the caller, for turns that are taken later. */
export function ownContext(record: GoroutineRecord | null): RunInContext | null {
  const { identity } = scheduler
  return record !== null && identity !== null ? identity.capture(record) : scheduler.host.captureContext()
}

class Call implements Resumable {
  readonly record: GoroutineRecord | null
  readonly resume: () => void

  constructor(record: GoroutineRecord | null, fn: () => void) {
    this.record = record
    this.resume = fn
  }
}

/** Calls `fn`, which must not throw, in the world of `record`. */
export function callLater(record: GoroutineRecord | null, fn: () => void): void {
  scheduler.ready(new Call(record, fn))
}
