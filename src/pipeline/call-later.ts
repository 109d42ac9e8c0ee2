// A call in a turn of the run queue of its own: the user's code never runs inside somebody else's step.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Resumable } from '../runtime/waiter.ts'

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
