// Which goroutines can never run again, as the garbage collector proves it. A suspended frame is no root: once nothing
// can resume a goroutine, it is garbage, with all that only its frame holds (docs/adr/0003-record-and-token.md).
//
// Invariants
// * A tracked token is held by what will resume its goroutine, and by nothing else: when it has been collected and the
//   record is not dead, the goroutine can never run again. So there is no false report, though a leak may go unproven.
// * Records only, as everywhere: nothing here keeps a goroutine alive. And those weakly: the tables hold them.
import type { GoroutineRecord } from './goroutine-record.ts'
import { WaitReason } from './wait-reason.ts'

/** Is told of every goroutine when it is made, in the asynchronous context that it will run in. */
export type MadeListener = (record: GoroutineRecord, parent: GoroutineRecord | undefined) => void

export class LeakTracker {
  /** Those that can never run again. */
  readonly proven: WeakSet<GoroutineRecord> = new WeakSet()
  /** How many have been proven so far. */
  count = 0
  readonly listeners: Set<MadeListener> = new Set()
  /** Whether the end of the program reports what it leaves behind. */
  reportsAtEnd = false
  readonly #registry = new FinalizationRegistry<GoroutineRecord>((record) => {
    if (record.reason === WaitReason.dead) return
    this.proven.add(record)
    this.count++
  })

  made(record: GoroutineRecord, parent: GoroutineRecord | undefined): void {
    for (const listener of this.listeners) listener(record, parent)
  }

  /** From now on the goroutine lives for as long as `token`. */
  track(token: object, record: GoroutineRecord): void {
    this.#registry.register(token, record)
  }
}
