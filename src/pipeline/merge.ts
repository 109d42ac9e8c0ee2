// Many inputs, one output: merge (fan-in), bridge, or.
import type { Channel } from '../chan/chan.ts'
import { never } from '../chan/never.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { isCancel } from '../context/derive-scope.ts'
import { invalidType } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Cause } from './cause.ts'
import { Inlet } from './inlet.ts'
import { inputOf } from './input.ts'
import { StageLogic } from './logic.ts'
import { type CheckedOptions, checkOptions, noOptions, type StageOptions } from './options.ts'
import { ended, type Pulled, pending, stride } from './pulled.ts'

class Merge<T> extends StageLogic<T> {
  readonly #inlets: Inlet<T>[]
  /** The inputs take turns. */
  #turn = 0
  /** An input was ended by its context: the others go on, but what was merged is not the whole. */
  #quiet: Cause | null = null

  constructor(inputs: readonly Channel<T>[], options: CheckedOptions) {
    super(options)
    this.#inlets = inputs.map((input) => new Inlet(input, this))
  }

  override produce(): Pulled<T> {
    const inlets = this.#inlets
    for (let asked = 0; asked < inlets.length; ) {
      if (this.#turn >= inlets.length) this.#turn = 0
      const inlet = inlets[this.#turn]!
      const value = inlet.pull()
      if (value === ended) {
        if (inlet.cause?.isQuiet === false) return this.endAs(inlet)
        this.#quiet ??= inlet.cause
        inlet.leave()
        inlets.splice(this.#turn, 1)
      } else {
        this.#turn++
        asked++
        if (value !== pending) return value
      }
    }
    return inlets.length === 0 ? this.stage.endWith(this.#quiet) : pending
  }

  offer(value: T): boolean {
    return this.stage.passOn(value)
  }

  override rest(): void {
    for (const inlet of this.#inlets) inlet.rest()
  }

  override release(reason: unknown): void {
    for (const inlet of this.#inlets) inlet.leave(reason)
  }
}

/** Bridges over bridges; deeper ones go on in a turn of their own rather than overflow the stack. */
const maxNesting = 30
let nesting = 0

class Bridge<T> extends StageLogic<T> {
  readonly #channels: Inlet<ReceiveChan<T>>
  readonly #opened: Opened<T> | null
  #current: Inlet<T> | null = null
  /** As in a merge. */
  #quiet: Cause | null = null

  constructor(channels: Channel<ReceiveChan<T>>, options: CheckedOptions, opened: Opened<T> | null) {
    super(options)
    this.#opened = opened
    const inputReady = (): void => this.stage.flush()
    this.#channels = new Inlet(channels, { stage: this.stage, inputReady }) // a channel is no value: it is not counted
  }

  override produce(): Pulled<T> {
    for (let steps = 0; steps < stride; steps++) {
      if (this.#current === null) {
        const next = this.#channels.pull()
        if (next === pending) return pending
        if (next === ended) return this.stage.endWith(this.#channels.cause ?? this.#quiet)
        if (!this.#open(next)) return ended
      }
      const inlet: Inlet<T> = this.#current!
      if (nesting >= maxNesting) return this.stage.flushLater()
      nesting++
      const value = inlet.pull()
      nesting--
      if (value !== ended) return value
      if (inlet.cause?.isQuiet === false) return this.endAs(inlet)
      this.#quiet ??= inlet.cause
      inlet.leave()
      this.#current = null
    }
    return this.stage.flushLater()
  }

  #open(channel: ReceiveChan<T>): boolean {
    try {
      this.#current = new Inlet(inputOf(channel, 'a value of a bridge'), this)
      this.#opened?.taken(channel)
      return true
    } catch (error) {
      this.stage.fail(error)
      return false
    }
  }

  override rest(): void {
    this.#current?.rest()
    this.#channels.rest()
  }

  override release(reason: unknown): void {
    this.#current?.leave(reason)
    this.#channels.leave(reason)
    this.#opened?.end(reason)
  }
}

/** Channels on their way to a bridge that were opened for it alone: those that it has not taken end with it. */
export class Opened<T> {
  readonly #channels = new Set<ReceiveChan<T>>()
  #hasEnded = false

  add(channel: ReceiveChan<T>): ReceiveChan<T> {
    this.#channels.add(channel)
    if (this.#hasEnded) this.end(undefined)
    return channel
  }

  taken(channel: ReceiveChan<T>): void {
    this.#channels.delete(channel)
  }

  end(reason: unknown): void {
    this.#hasEnded = true
    for (const channel of this.#channels) new Inlet(inputOf(channel), { inputReady: () => {} }).leave(reason)
    this.#channels.clear()
  }
}

class Or extends StageLogic<never> {
  readonly #inlets: Inlet<unknown>[]

  constructor(inputs: readonly Channel<unknown>[]) {
    super(noOptions)
    this.#inlets = inputs.map((input) => new Inlet(input, this))
  }

  override produce(): Pulled<never> {
    for (const inlet of this.#inlets) if (inlet.pull() !== pending) return this.stage.endWith(null)
    return pending
  }

  override rest(): void {
    for (const inlet of this.#inlets) inlet.rest()
  }

  override release(reason: unknown): void {
    for (const inlet of this.#inlets) inlet.leave(reason)
  }
}

/**
 * Fan-in: the values of all channels as they come, until all are closed. Channels that always have something take turns. The
 * last argument may be the options.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when one is no channel.
 * @example
 * console.log(await collect(merge(fromIterable([1, 2]), fromIterable([3])))) // [ 1, 3, 2 ]
 */
export function merge<T>(...chans: ReceiveChan<T>[]): ReceiveChan<T>
export function merge<T>(...args: [...chans: ReceiveChan<T>[], options: StageOptions | Cancel]): ReceiveChan<T>
export function merge<T>(...args: (ReceiveChan<T> | StageOptions | Cancel)[]): ReceiveChan<T> {
  const hasOptions = args.length > 0 && isOptions(args.at(-1))
  const options = checkOptions(hasOptions ? (args.at(-1) as StageOptions) : undefined)
  const chans = (hasOptions ? args.slice(0, -1) : args) as ReceiveChan<T>[]
  return new Merge<T>(
    chans.map((ch, index) => inputOf(ch, `channel ${index} of a merge`)),
    options,
  ).stage.open()
}

function isOptions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return isCancel(value) || !('next' in value)
}

/**
 * The values of a channel of channels, one channel after the other, as one.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `chans` is no channel. Who reads gets it when one of its values is none.
 * @example
 * const pages = map(fromIterable([1, 3]), (n) => fromIterable([n, n + 1]))
 * console.log(await collect(bridge(pages))) // [ 1, 2, 3, 4 ]
 */
export function bridge<T>(chans: ReceiveChan<ReceiveChan<T>>, options?: StageOptions | Cancel): ReceiveChan<T> {
  return new Bridge<T>(inputOf(chans, 'chans'), checkOptions(options), null).stage.open()
}

/** A bridge over channels that were opened for it. */
export function bridgeOf<T>(
  chans: ReceiveChan<ReceiveChan<T>>,
  options: StageOptions,
  opened: Opened<T>,
): ReceiveChan<T> {
  return new Bridge<T>(inputOf(chans), checkOptions(options), opened).stage.open()
}

/**
 * A channel that is closed as soon as one of `done` is closed or has a value: many reasons to stop, as one. It never gives a
 * value; of no channels it is the nil channel.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when one is no channel.
 * @example
 * const start = Date.now()
 * await or(after(2 * Hour), after(5 * Minute), after(20)).receive()
 * console.log(Date.now() - start < Minute) // true
 */
export function or(...done: ReceiveChan<unknown>[]): ReceiveChan<never> {
  if (done.length === 0) return never
  for (const ch of done) if (ch === null || ch === undefined) throw invalidType('a channel of or()', 'a channel', ch)
  return new Or(done.map((ch) => inputOf(ch, 'a channel of or()'))).stage.open()
}
