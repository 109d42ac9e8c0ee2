// Turns in a world's run queue that are no goroutines resumed: those in which an awaiting caller goes on.
import type { GoroutineRecord } from './goroutine-record.ts'
import { settleTarget, tookEffectAndFailed } from './kept-back.ts'
import { WaitReason } from './wait-reason.ts'
import type { Resumable, Waiter } from './waiter.ts'

/** The wait of an awaiting caller is over. */
export class WokenTurn implements Resumable {
  readonly record: GoroutineRecord
  readonly #waiter: Waiter

  constructor(waiter: Waiter) {
    this.record = waiter.record!
    this.record.reason = WaitReason.runnable
    this.#waiter = waiter
  }

  resume(): void {
    this.record.reason = WaitReason.running
    settleTarget(this.#waiter)
  }
}

/** An operation has taken effect, and its caller, of either style, goes on when its turn comes. */
export class KeptTurn implements Resumable {
  readonly record: GoroutineRecord
  readonly #waiter: Waiter

  constructor(record: GoroutineRecord, waiter: Waiter) {
    this.record = record
    this.#waiter = waiter
  }

  resume(): void {
    const waiter = this.#waiter
    if (waiter.done) return
    const target = waiter.target
    waiter.failed = waiter.tag === tookEffectAndFailed
    waiter.done = true
    if (target === null) return
    this.record.reason = WaitReason.running
    if (typeof target === 'function') {
      settleTarget(waiter)
    } else {
      waiter.target = null
      target.resume()
    }
  }
}
