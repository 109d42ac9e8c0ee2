// Whether a goroutine awaits promises that are not warren's: those of its own async helpers, say. In production others may go
// on between such awaits, and in an exploration whose turns do not overlap they do not: so it proves less.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { WaitReason } from '../runtime/wait-reason.ts'

const resolved = Promise.resolve()

/** So many microtasks after it was resumed, a goroutine that awaits nothing else waits for warren again, or has ended. */
const hops = 2

export class PlainAwaits {
  wereSeen = false

  /** Called when the goroutine has just been resumed, and its code is about to run. */
  watch(record: GoroutineRecord, left: number = hops): void {
    void resolved.then(() => {
      if (record.reason !== WaitReason.running) return
      if (left > 1) this.watch(record, left - 1)
      else this.wereSeen = true
    })
  }
}
