// Sending all that an iterable gives. It is the user's code, so it is read on in a turn of the run queue of its own, never
// inside a receiver's step; and an endless one gives way when the turn has had its time.
//
// The batch is in one of three places: reading (in `resume`, or in the first call), queued in the run queue to read on, or
// waiting among the channel's senders with the value that did not fit. However the wait ends, the iterable is told
// (`return`), unless it has ended by itself.
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { abort, fail, type Operation, settleVoid } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { type Resumable, Waiter } from '../runtime/waiter.ts'
import type { Channel } from './chan.ts'
import type { SenderTag } from './deliver.ts'

type Progress = 'all sent' | 'full' | 'giving way'

export function sendIterable<T>(channel: Channel<T>, values: Iterable<T>, ctx: Cancel | undefined): Operation<void> {
  let batch: IterableBatch<T>
  let progress: Progress
  try {
    batch = new IterableBatch(channel, values[Symbol.iterator]())
    progress = batch.sendWhileRoom()
  } catch (error) {
    return fail(error)
  }
  if (progress === 'all sent') return settleVoid()
  // Reading runs the user's code, which may have ended the context: asked anew, since a signal tells only who waits.
  const source = ctx === undefined ? null : cancelSourceOf(ctx)
  if (source !== null && source.error !== undefined) {
    batch.stopReading()
    return fail(source.error)
  }
  const waiter = new Waiter(WaitReason.chanSend, undefined, batch)
  batch.waitWith(waiter, progress)
  return parkUnder(waiter, source)
}

class IterableBatch<T> implements SenderTag, Resumable, QueueObserver {
  /** In a bubble, the goroutine that sends: the batch takes its turns there, and the iterable's code runs as that goroutine. */
  readonly record: GoroutineRecord | null = scheduler.world() === null ? null : scheduler.currentRecord()!
  readonly #channel: Channel<T>
  readonly #iterator: Iterator<T>
  /** Holds a sibling of the waiter, and so tells when the wait has ended. */
  readonly #endWatch = new WaitQueue(this)
  #waiter: Waiter | null = null
  #unsent: T | undefined = undefined
  #isRead = false

  constructor(channel: Channel<T>, iterator: Iterator<T>) {
    this.#channel = channel
    this.#iterator = iterator
  }

  sendWhileRoom(): Progress {
    const channel = this.#channel
    for (;;) {
      if (!this.#readNext()) return 'all sent'
      if (channel.closed) {
        this.stopReading()
        throw new PanicError('ERR_SEND_CLOSED', { value: this.#unsent })
      }
      if (!channel.put(this.#unsent as T)) return 'full'
      // Not before the first value, which must not lose its place to senders that come later.
      if (scheduler.overBudget()) return 'giving way'
    }
  }

  #readNext(): boolean {
    this.#isRead = true // while the iterable runs: one that throws has ended
    const result = this.#iterator.next()
    if (result.done === true) return false
    this.#isRead = false
    this.#unsent = result.value
    return true
  }

  waitWith(waiter: Waiter, progress: Progress): void {
    const watch = new Waiter(WaitReason.chanSend, undefined, undefined)
    waiter.addSibling(watch)
    this.#endWatch.push(watch)
    this.#waiter = waiter
    this.#queue(progress)
  }

  #queue(progress: Progress): void {
    if (progress === 'giving way') {
      scheduler.ready(this)
      return
    }
    this.#waiter!.value = this.#unsent
    this.#channel.senders.push(this.#waiter!)
  }

  sent(waiter: Waiter): void {
    this.#channel.senders.remove(waiter)
    scheduler.ready(this)
  }

  resume(): void {
    if (this.record === null || scheduler.identity === null) this.#resumeHere()
    else scheduler.identity.run(this.record, () => this.#resumeHere())
  }

  #resumeHere(): void {
    const waiter = this.#waiter!
    if (waiter.done) {
      this.stopReading()
      return
    }
    let progress: Progress
    try {
      progress = this.sendWhileRoom()
    } catch (error) {
      abort(waiter, error)
      return
    }
    if (progress === 'all sent') {
      if (!waiter.done) scheduler.wake(waiter, undefined, false)
    } else if (waiter.done) {
      this.stopReading() // ended by the iterable itself
    } else {
      this.#queue(progress)
    }
  }

  entered(): void {}

  /** The wait has ended, in the middle of somebody's step: the iterable is told in a turn of its own. */
  left(): void {
    if (!this.#isRead) scheduler.ready(this)
  }

  /** Lets the iterable clean up; nobody is left to be told of an error in that. */
  stopReading(): void {
    if (this.#isRead) return
    this.#isRead = true
    try {
      this.#iterator.return?.()
    } catch {}
  }
}
