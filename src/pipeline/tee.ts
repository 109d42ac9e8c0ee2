// One input, all of it to each of several outputs.
//
// Invariant: `#owed` outputs have yet to take the value that was read last; until they have, nothing is read.
import type { Channel } from '../chan/chan.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { requireInteger } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { Inlet, type InletOwner } from './inlet.ts'
import { inputOf } from './input.ts'
import { StageLogic } from './logic.ts'
import { type CheckedOptions, checkOptions, type StageOptions } from './options.ts'
import { ended, type Pulled, pending } from './pulled.ts'
import { Stage } from './stage.ts'

class Tee<T> implements InletOwner {
  readonly outputs: TeeOutput<T>[]
  readonly inlet: Inlet<T>
  #value: T | typeof pending = pending
  #owed = 0

  constructor(input: Channel<T>, n: number, options: CheckedOptions) {
    this.inlet = new Inlet(input, this)
    this.outputs = Array.from({ length: n }, () => new TeeOutput<T>(this, options))
    if (input instanceof Stage) for (const { stage } of this.outputs) stage.standOn(input)
  }

  next(output: TeeOutput<T>): Pulled<T> {
    if (output.isOwed) {
      const value = this.#value as T
      this.#settle(output)
      return value
    }
    if (this.#owed > 0) return pending
    const value = this.inlet.pull()
    if (value === pending || value === ended) return value
    this.#owe(value, output)
    return value
  }

  inputReady(): void {
    this.#tellWaiting()
  }

  rest(): void {
    if (!this.outputs.some(({ wants }) => wants)) this.inlet.rest()
  }

  /** An output has ended. The last one leaves the input. */
  left(output: TeeOutput<T>, reason: unknown): void {
    if (output.isOwed) this.#settle(output)
    if (this.outputs.every(({ stage }) => stage.closed)) this.inlet.leave(reason)
  }

  #owe(value: T, taker: TeeOutput<T>): void {
    this.#value = value
    taker.meter?.arrived()
    for (const output of this.outputs) {
      if (output === taker || output.stage.closed) continue
      output.isOwed = true
      output.meter?.arrived()
      this.#owed++
    }
    if (this.#owed === 0) this.#value = pending
    else this.#tellWaiting()
  }

  #settle(output: TeeOutput<T>): void {
    output.isOwed = false
    if (--this.#owed > 0) return
    this.#value = pending
    this.#tellWaiting()
  }

  #tellWaiting(): void {
    for (const output of this.outputs) if (output.wants) output.stage.flush()
  }
}

class TeeOutput<T> extends StageLogic<T> {
  isOwed = false
  readonly #tee: Tee<T>

  constructor(tee: Tee<T>, options: CheckedOptions) {
    super(options)
    this.#tee = tee
  }

  get wants(): boolean {
    const { closed, receivers, length, capacity } = this.stage
    return !closed && (!receivers.isEmpty || length < capacity)
  }

  override produce(): Pulled<T> {
    const value = this.#tee.next(this)
    return value === ended ? this.endAs(this.#tee.inlet) : value
  }

  override rest(): void {
    this.#tee.rest()
  }

  override release(reason: unknown): void {
    this.#tee.left(this, reason)
  }
}

/**
 * Gives `n` channels (default 2) with all values of `ch` each. They go in step: the next value is read when all have taken the
 * last one, so all must be read; `capacity` lets one be ahead by that many. One whose reader has gone away does not count.
 * @throws {PanicError} `ERR_OUT_OF_RANGE` when `n` is no integer of at least 1.
 * @example
 * const [numbers, copy] = tee(fromIterable([1, 2, 3]))
 * console.log(await Promise.all([collect(numbers), collect(copy)])) // [ [ 1, 2, 3 ], [ 1, 2, 3 ] ]
 */
export function tee<T>(ch: ReceiveChan<T>, n?: 2, options?: StageOptions | Cancel): [ReceiveChan<T>, ReceiveChan<T>]
export function tee<T>(ch: ReceiveChan<T>, options: StageOptions | Cancel): [ReceiveChan<T>, ReceiveChan<T>]
export function tee<T>(ch: ReceiveChan<T>, n: number, options?: StageOptions | Cancel): ReceiveChan<T>[]
export function tee<T>(
  ch: ReceiveChan<T>,
  second: number | StageOptions | Cancel = 2,
  third?: StageOptions | Cancel,
): ReceiveChan<T>[] {
  const [n, options] = typeof second === 'object' ? [2, second] : [second, third]
  requireInteger('n', n, 1)
  const { outputs } = new Tee<T>(inputOf(ch), n, checkOptions(options))
  return outputs.map(({ stage }) => stage.open())
}
