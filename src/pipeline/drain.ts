// Reading a channel to its end, for those who wait for the whole: collect, reduce, forEach. The reading is a loop of pulls,
// without a goroutine of its own; whoever called waits with one waiter.
//
// It is in one of three places: reading (in the first call, or in `resume`), queued in the run queue to read on, or with its
// inlet among the channel's receivers. However the wait ends (a context, a kill), the inlet leaves.
import type { Channel } from '../chan/chan.ts'
import { type Cancel, type CancelSource, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { RunInContext } from '../runtime/host.ts'
import { fail, type Operation, settle } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type QueueObserver, WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { type Resumable, Waiter } from '../runtime/waiter.ts'
import { ownContext, ownRecord } from './call-later.ts'
import { Inlet, type InletOwner } from './inlet.ts'
import { ended, pending } from './pulled.ts'

/** What is made of the values. */
export interface Sink<T, R> {
  take(value: T): void
  result(): R
}

type Progress = 'ended' | 'pending' | 'giving way' | 'given up'

/** Reads `input` to its end, and returns what the sink has made of it. */
export function drain<T, R>(input: Channel<T>, sink: Sink<T, R>, ctx: Cancel | undefined): Operation<R> {
  const source = ctx === undefined ? null : cancelSourceOf(ctx)
  const reading = new Drain(input, sink, source)
  const progress = reading.read()
  if (progress === 'given up') return fail(source!.error)
  if (progress === 'ended') {
    const { cause } = reading
    return cause === null ? settle(sink.result()) : fail(cause.error)
  }
  const waiter = new Waiter(WaitReason.chanReceive, undefined, undefined)
  reading.waitWith(waiter, progress)
  return parkUnder(waiter, source)
}

const readFurther = (drain: { readFurther(): void }): void => drain.readFurther()

class Drain<T, R> implements InletOwner, Resumable, QueueObserver {
  readonly record: GoroutineRecord | null = ownRecord()
  readonly #inlet: Inlet<T>
  readonly #sink: Sink<T, R>
  readonly #source: CancelSource | null
  /** Holds a sibling of the waiter, and so tells when the wait has ended. */
  readonly #endWatch = new WaitQueue(this)
  #waiter: Waiter | null = null
  /** The reader's: what is pulled may call the user's functions. */
  #context: RunInContext | null = null
  #isQueued = false
  #isReading = false

  constructor(input: Channel<T>, sink: Sink<T, R>, source: CancelSource | null) {
    this.#inlet = new Inlet(input, this)
    this.#sink = sink
    this.#source = source
  }

  get cause(): { readonly error: unknown } | null {
    return this.#inlet.cause
  }

  read(): Progress {
    this.#isReading = true
    const progress = this.#readOn()
    this.#isReading = false
    return progress
  }

  #readOn(): Progress {
    for (;;) {
      if (this.#source?.hasEnded()) {
        this.#inlet.leave()
        return 'given up'
      }
      const value = this.#inlet.pull()
      if (value === ended) {
        this.#inlet.leave()
        return 'ended'
      }
      if (value === pending) return 'pending'
      this.#sink.take(value)
      if (scheduler.overBudget()) return 'giving way'
    }
  }

  waitWith(waiter: Waiter, progress: Progress): void {
    const watch = new Waiter(WaitReason.chanReceive, undefined, undefined)
    waiter.addSibling(watch)
    this.#endWatch.push(watch)
    this.#waiter = waiter
    this.#context = ownContext(this.record)
    if (progress === 'giving way') this.#queue()
  }

  inputReady(): void {
    if (!this.#isReading) this.#queue()
  }

  #queue(): void {
    if (this.#isQueued) return
    this.#isQueued = true
    scheduler.ready(this)
  }

  resume(): void {
    this.#isQueued = false
    if (this.#waiter!.done) return
    if (this.#context === null) this.readFurther()
    else this.#context(readFurther, this)
  }

  readFurther(): void {
    const waiter = this.#waiter!
    const progress = this.read()
    if (waiter.done) return
    if (progress === 'giving way') this.#queue()
    else if (progress === 'ended') this.#end(waiter)
  }

  #end(waiter: Waiter): void {
    const { cause } = this
    if (cause === null) scheduler.wake(waiter, this.#sink.result(), false)
    else scheduler.wake(waiter, cause.error, true)
  }

  entered(): void {}

  /** The wait is over, perhaps before the end. */
  left(): void {
    this.#inlet.leave()
  }
}
