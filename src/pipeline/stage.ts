// A stage: a channel that gets its values by asking for them. A receive that finds nothing pulls: the stage's logic pulls from
// its input, that from its own, down to the source, all in one call. So a value goes through ten stages without a goroutine
// being switched; and a stage does nothing ahead of its reader, save to fill a buffer it was given.
//
// When nothing is there the reader waits in `receivers`, like in any channel, and so does each stage in its input's. What
// arrives at the bottom is handed up the same way, in the sender's step (`flush`, `passOn`). Logic that calls the user's
// functions does not run there, but in a turn of the run queue (calling.ts).
//
// Invariants
// * Receivers wait only while nothing is held or buffered, and a pull has given `pending` since.
// * `#held` is older than what is buffered.
// * The logic is never asked while it is answering (`busy`): where streams part and meet again, a pull leads back here, and
//   what came later must not overtake the value under way.
// * `ready`: the logic may be asked at once, and its answer is the stage's: nothing is closed, held, buffered or counted.
// * Once closed, a stage reads no more; what it holds can still be received, unless it was stopped.
//
// One class for all stages, and the differences in their logic: so the code that every value runs through stays monomorphic.
import { Channel } from '../chan/chan.ts'
import { deliver } from '../chan/deliver.ts'
import { polls } from '../chan/polls.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Resumable } from '../runtime/waiter.ts'
import { callLater } from './call-later.ts'
import { type Cause, tellEnd } from './cause.ts'
import type { Inlet } from './inlet.ts'
import type { StageLogic } from './logic.ts'
import { Meter } from './meter.ts'
import type { CheckedOptions } from './options.ts'
import { ended, type Pulled, pending, stride } from './pulled.ts'
import { Readers } from './readers.ts'
import { StageIterator } from './stage-iterator.ts'
import { StageScope } from './stage-scope.ts'

/** Ready, busy, or look closer. */
const ready = 0
const busy = 1
const other = 2

/** Every so many stages a pull goes on in a turn of its own: a pipeline of thousands must not overflow the stack. */
const maxHeight = 100
/** The same for what is handed up, and for ends. */
const maxDepth = 100
let depth = 0

const takeTurn = (logic: StageLogic<unknown>): void => logic.takeTurn()

export class Stage<T> extends Channel<T> implements Resumable {
  readonly scope: StageScope
  readonly record: GoroutineRecord | null
  readonly meter: Meter | null
  cause: Cause | null = null
  /** Whether a pull may call the user's functions. */
  callsUser = false
  /** The inlet of logic that hands on what it reads as it is: see pull-through.ts. */
  through: Inlet<T> | null = null
  readonly #logic: StageLogic<T>
  #held: T | typeof pending = pending
  #readers = 0
  #state: typeof ready | typeof busy | typeof other = other
  /** How many stages are below it, since the last that takes a turn of its own. */
  #height = 0
  #isQueued = false
  #wasStopped = false

  constructor(logic: StageLogic<T>, options: CheckedOptions) {
    const scope = new StageScope(options.ctx)
    const readers = new Readers(scope.deadline)
    super(options.capacity, 'block', readers)
    readers.stage = this
    this.scope = scope
    this.record = scope.record
    this.#logic = logic
    this.meter = options.measured ? new Meter() : null
  }

  /** It reads from `input`: a pull goes through both. */
  standOn(input: Stage<unknown>): void {
    this.#height = Math.max(this.#height, (input.#height + 1) % maxHeight)
    this.callsUser ||= input.callsUser
  }

  /** Begins, when all is set up: a context that has ended ends it here. */
  open(): this {
    this.scope.listen((error) => this.stop(this.#logic.causeOf(error), error))
    this.#settle()
    if (this.capacity > 0) this.flushLater()
    return this
  }

  override get failure(): Cause | null {
    return this.cause === null || this.cause.isQuiet ? null : this.cause
  }

  /** What a receive does, for another stage. */
  pull(): Pulled<T> {
    if (this.#state !== ready || !this.receivers.isEmpty) return this.#pullSlowly()
    this.#state = busy
    const value = this.#logic.produce()
    if (this.#state !== busy) return this.#wasStopped ? ended : value
    this.#state = ready
    return value
  }

  #pullSlowly(): Pulled<T> {
    if (this.#held !== pending || this.length > 0) return this.take()
    if (this.closed) return ended
    if (!this.receivers.isEmpty) return pending
    if (this.#height === maxHeight - 1) return this.flushLater()
    const value = this.#run()
    if (value !== pending && value !== ended) this.#countDeparture(value)
    return value
  }

  override canReceive(): boolean {
    if (this.#held !== pending || this.length > 0) return true
    if (this.closed || !this.receivers.isEmpty) return false
    polls.count++
    const value = this.#run()
    if (value === pending || value === ended) return false
    this.#hold(value)
    return true
  }

  override take(): T {
    if (scheduler.hooks !== null) scheduler.hooks.operation('receive', this, scheduler.currentRecord())
    const value = this.#held === pending ? this.#takeBuffered() : this.#takeHeld()
    this.#countDeparture(value)
    if (this.closed) this.#lookIfEmpty()
    else if (this.capacity > 0) this.#refill()
    return value
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

  /** Lets the logic do what nobody has asked for, unless it is answering. */
  workAhead(): void {
    if (this.#state === busy || this.closed) return
    this.#state = busy
    this.#logic.workAhead()
    this.#settle()
  }

  /** Whether a pull would go to its logic and nowhere else. */
  get isIdle(): boolean {
    return this.#state === ready && this.receivers.isEmpty
  }

  /** Nobody waits any more: what was asked for on their behalf is left where it is. */
  override rest(): void {
    if (this.capacity > 0 || this.#state === busy || !this.receivers.isEmpty) return
    if (depth >= maxDepth) {
      callLater(this.record, () => this.receivers.isEmpty && this.#logic.rest())
      return
    }
    depth++
    this.#logic.rest()
    depth--
  }

  /** Hands on what its input hands up, if somebody waits for it; says whether it did. For logic that changes no value. */
  passOn(value: T): boolean {
    if (this.receivers.isEmpty || this.#held !== pending || this.#state === busy || depth >= maxDepth) return false
    depth++
    this.#hand(value)
    if (this.capacity > 0 || !this.receivers.isEmpty) this.flush()
    depth--
    return true
  }

  /** Its turn, after `flushLater`. */
  resume(): void {
    this.#isQueued = false
    depth = 0 // an error out of a hook may have left these
    if (this.#state === busy) this.#settle()
    this.scope.run(takeTurn, this.#logic)
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
      if (value === ended) tellEnd(this, this.failure)
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

  /** Puts one into the buffer for one that was taken out of it. */
  #refill(): void {
    if (this.callsUser) {
      this.flushLater() // ahead of the reader, and so not in its call
      return
    }
    const value = this.length < this.capacity ? this.#run() : pending
    if (value !== pending && value !== ended) this.#hand(value)
  }

  /** Ends at once, whatever it holds: nobody reads it, or its context has ended. */
  stop(cause: Cause | null, reason?: unknown): void {
    if (this.closed && this.#held === pending && this.length === 0) return
    this.#held = pending
    this.length = 0
    this.buffer = null
    this.meter?.emptied()
    if (this.closed) {
      this.#logic.emptied()
      return
    }
    this.#wasStopped = true
    this.cause = cause
    this.#finish(cause === null ? reason : cause.error)
  }

  /** Ends for an error: what it holds can still be received. */
  fail(error: unknown): typeof ended {
    this.endWith({ error, isQuiet: false })
    if (this.#held === pending && this.length === 0) this.meter?.emptied()
    return ended
  }

  endWith(cause: Cause | null): typeof ended {
    if (!this.closed) {
      this.cause = cause
      this.#finish(cause?.error)
    }
    return ended
  }

  /** Ends with the value that is being produced: whoever waits first gets that. */
  endBehind(): void {
    this.#leave(undefined)
  }

  #run(): Pulled<T> {
    if (this.closed) return ended
    if (this.#state === busy) return this.flushLater()
    this.#state = busy
    const value = this.#logic.produce()
    this.#settle()
    return this.#wasStopped ? ended : value
  }

  /** The logic has answered. */
  #settle(): void {
    const isPlain = this.capacity === 0 && this.meter === null && this.#height < maxHeight - 1
    this.#state = isPlain && !this.closed && this.#held === pending ? ready : other
  }

  #hold(value: T): void {
    this.#held = value
    if (this.#state === ready) this.#state = other
  }

  #takeHeld(): T {
    const value = this.#held as T
    this.#held = pending
    if (this.#state === other) this.#settle()
    return value
  }

  #lookIfEmpty(): void {
    if (this.#held === pending && this.length === 0) this.#logic.emptied()
  }

  #takeBuffered(): T {
    this.length--
    return this.buffer!.shift()
  }

  #countDeparture(value: T): void {
    if (this.meter !== null) this.meter.departed(this.#logic.weightOf(value))
  }

  #hand(value: T): void {
    const receiver = this.receivers.head
    if (receiver !== null) {
      this.#countDeparture(value)
      deliver(receiver, value, this.capacity > 0)
    } else if (this.length < this.capacity) this.store(value)
    else this.#hold(value)
    if (scheduler.hooks !== null) scheduler.hooks.operation('send', this, scheduler.currentRecord())
  }

  #finish(reason: unknown): void {
    this.#leave(reason)
    tellEnd(this, this.failure)
  }

  #leave(reason: unknown): void {
    this.closed = true
    this.#state = other
    this.scope.leave()
    depth++
    this.#logic.release(reason)
    depth--
  }
}
