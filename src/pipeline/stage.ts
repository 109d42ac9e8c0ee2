// A stage: a channel that gets its values by asking for them. A receive that finds nothing pulls: the stage pulls from
// its input, that from its own, down to the source, all in one call. So a value goes through ten stages without a goroutine
// being switched; and a stage does nothing ahead of its reader, save to fill a buffer it was given.
//
// When nothing is there the reader waits in `receivers`, like in any channel, and so does each stage in its input's. What
// arrives at the bottom is handed up the same way, in the sender's step (`inputReady`, `flush`). Stages that call the
// user's functions do not do that there, but in a turn of the run queue (calling.ts).
//
// Invariants
// * Receivers wait only while nothing is held or buffered, and a pull has given `pending` since.
// * `#held` is older than what is buffered.
// * Once closed, a stage reads no more; what it holds can still be received, unless it was stopped.
import { Channel } from '../chan/chan.ts'
import { deliver, deliverClosed } from '../chan/deliver.ts'
import { background } from '../context/background.ts'
import type { BaseContext } from '../context/context.ts'
import { fromSignal } from '../context/from-signal.ts'
import { attach } from '../context/scope.ts'
import type { Context } from '../context/types.ts'
import { cancelSource, isAbortSignal } from '../runtime/cancel-source.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Resumable } from '../runtime/waiter.ts'
import { callLater } from './call-later.ts'
import { EndLink } from './end-link.ts'
import type { Inlet, InletOwner } from './inlet.ts'
import { Meter } from './meter.ts'
import { type CheckedOptions, noOptions } from './options.ts'
import { ended, type Pulled, pending, stride } from './pulled.ts'
import { StageIterator } from './stage-iterator.ts'

/** Why a stage ended before its input did. */
export interface Cause {
  readonly error: unknown
  /** It was told to stop, by a context. Who receives sees the end, as in Go; who collects gets the error. */
  readonly isQuiet: boolean
}

/** Pulls within pulls; a pipeline of thousands of stages goes on in another turn rather than overflow the stack. */
const maxDepth = 200
let depth = 0

export abstract class Stage<T> extends Channel<T> implements InletOwner, Resumable {
  /** In a bubble, the goroutine that made the stage: it takes its turns there. */
  readonly record: GoroutineRecord | null = scheduler.world() === null ? null : (scheduler.currentRecord() ?? null)
  cause: Cause | null = null
  readonly meter: Meter | null
  /** What its own work has for a parent. */
  protected readonly ctx: Context
  #held: T | typeof pending = pending
  #readers = 0
  #isQueued = false
  #wasStopped = false
  readonly #link: EndLink | null

  constructor(options: CheckedOptions = noOptions) {
    const ctx = isAbortSignal(options.ctx) ? fromSignal(options.ctx) : (options.ctx as Context | null)
    const scope = ctx === null ? null : (ctx as BaseContext)[cancelSource]
    super(options.capacity, 'block', scope === null ? null : scope.deadline)
    this.meter = options.measured ? new Meter() : null
    this.ctx = ctx ?? background()
    this.#link = scope === null ? null : new EndLink(this, scope, ctx === options.ctx ? null : ctx)
  }

  /** The next value, without waiting. */
  protected abstract produce(): Pulled<T>

  /** Stops reading its inputs, and whatever else it does. Called once. */
  protected abstract release(reason: unknown): void

  /** How many of its inputs one of its outputs counts for. */
  protected weightOf(_value: T): number {
    return 1
  }

  /** Begins, when all is set up: a context that has ended ends it here. */
  open(): this {
    if (this.#link !== null) attach(this.#link, this.#link.scope)
    if (this.capacity > 0) this.flushLater()
    return this
  }

  override get failure(): Cause | null {
    return this.cause === null || this.cause.isQuiet ? null : this.cause
  }

  /** What a receive does, for another stage. */
  pull(): Pulled<T> {
    if (this.#held !== pending || this.length > 0) return this.take()
    if (this.closed) return ended
    if (!this.receivers.isEmpty) return pending
    const value = this.#run()
    if (this.meter !== null && value !== pending && value !== ended) this.meter.departed(this.weightOf(value))
    return value
  }

  override canReceive(): boolean {
    if (this.#held !== pending || this.length > 0) return true
    if (this.closed || !this.receivers.isEmpty) return false
    const value = this.#run()
    if (value === pending || value === ended) return false
    this.#held = value
    return true
  }

  override take(): T {
    if (scheduler.hooks !== null) scheduler.hooks.operation('receive', this, scheduler.currentRecord())
    const value = this.#held === pending ? this.#takeBuffered() : this.#held
    this.#held = pending
    if (this.meter !== null) this.meter.departed(this.weightOf(value))
    if (this.capacity > 0 && !this.closed) this.flushLater()
    return value
  }

  #takeBuffered(): T {
    this.length--
    return this.buffer!.shift()
  }

  override takeMany(max: number): T[] {
    const most = Math.min(max, stride + this.length)
    const values = [this.take()]
    while (values.length < most) {
      const value = this.pull()
      if (value === pending || value === ended) break
      values.push(value)
    }
    return values
  }

  override [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new StageIterator(this)
  }

  /** One more reads from it. */
  attach(): void {
    this.#readers++
  }

  /** One reads from it no more: the last one ends it. */
  detach(reason: unknown): void {
    if (--this.#readers > 0 || !this.receivers.isEmpty) return
    if (depth < maxDepth) this.stop(null, reason)
    else callLater(this.record, () => this.stop(null, reason))
  }

  inputReady(): void {
    this.flush()
  }

  /** `offer` of a stage whose values go on as they came. */
  protected passOn(value: T): boolean {
    const receiver = this.receivers.head
    if (receiver === null || this.#held !== pending || depth >= maxDepth) return false
    depth++
    this.#hand(value)
    if (this.capacity > 0 || !this.receivers.isEmpty) this.flush()
    depth--
    return true
  }

  /** Its turn, after `flushLater`. */
  resume(): void {
    this.#isQueued = false
    depth = 0 // an error out of a hook may have left it
    this.takeTurn()
  }

  protected takeTurn(): void {
    this.flush()
  }

  /** Goes on in a turn of its own. */
  flushLater(): typeof pending {
    if (!this.#isQueued) {
      this.#isQueued = true
      scheduler.ready(this)
    }
    return pending
  }

  /** Serves those who wait, and fills the buffer. */
  flush(): void {
    if (depth >= maxDepth) {
      this.flushLater()
      return
    }
    depth++
    this.#serve()
    if (this.capacity > 0) this.#fill()
    depth--
  }

  #serve(): void {
    while (this.receivers.head !== null) {
      const value = this.#run()
      if (value === pending || value === ended) return
      this.#hand(value)
    }
  }

  #fill(): void {
    for (let i = 0; this.length < this.capacity && !this.closed; i++) {
      if (i === stride) {
        this.flushLater()
        return
      }
      const value = this.#run()
      if (value === pending || value === ended) return
      this.#hand(value)
    }
  }

  /** Ends at once, whatever it holds: nobody reads it, or its context has ended. */
  stop(cause: Cause | null, reason?: unknown): void {
    if (this.closed && this.#held === pending && this.length === 0) return
    this.#held = pending
    this.length = 0
    this.buffer = null
    if (this.closed) return
    this.#wasStopped = true
    this.cause = cause
    this.#finish(cause === null ? reason : cause.error)
  }

  /** Ends for an error: what it holds can still be received. */
  fail(error: unknown): void {
    this.endWith({ error, isQuiet: false })
  }

  /** Ends as its input has. */
  protected endAs(inlet: Inlet<unknown>): typeof ended {
    this.endWith(inlet.cause)
    return ended
  }

  protected endWith(cause: Cause | null): typeof ended {
    if (!this.closed) {
      this.cause = cause
      this.#finish(cause?.error)
    }
    return ended
  }

  #run(): Pulled<T> {
    if (this.closed) return ended
    if (depth >= maxDepth) return this.flushLater()
    depth++
    const value = this.produce()
    depth--
    return this.#wasStopped ? ended : value
  }

  #hand(value: T): void {
    const receiver = this.receivers.head
    if (receiver !== null) {
      if (this.meter !== null) this.meter.departed(this.weightOf(value))
      deliver(receiver, value, this.capacity > 0)
    } else if (this.length < this.capacity) this.store(value)
    else this.#held = value
    if (scheduler.hooks !== null) scheduler.hooks.operation('send', this, scheduler.currentRecord())
  }

  #finish(reason: unknown): void {
    this.closed = true
    this.#link?.leave()
    depth++
    this.release(reason)
    depth--
    const { failure } = this
    for (let waiter = this.receivers.head; waiter !== null; waiter = this.receivers.head) {
      if (failure === null || isInlet(waiter.tag)) deliverClosed(waiter, this.capacity > 0)
      else scheduler.wake(waiter, failure.error, true, this.capacity > 0)
    }
  }
}

function isInlet(tag: unknown): boolean {
  return typeof tag === 'object' && tag !== null && 'received' in tag
}
