// Stages that only hand values on: orDone, buffer, fanOut, take. No goroutine, and no code of the user's.
import type { Channel } from '../chan/chan.ts'
import { requireCapacity } from '../chan/make-chan.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { requireInteger } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { Inlet } from './inlet.ts'
import { inputOf } from './input.ts'
import { StageLogic } from './logic.ts'
import { type CheckedOptions, checkOptions, type StageOptions } from './options.ts'
import { pullThrough } from './pull-through.ts'
import { ended, type Pulled, pending } from './pulled.ts'

class Pass<T> extends StageLogic<T> {
  readonly #inlet: Inlet<T>

  constructor(input: Channel<T>, options: CheckedOptions) {
    super(options)
    this.#inlet = new Inlet(input, this)
    this.stage.through = this.#inlet
  }

  override produce(): Pulled<T> {
    const value = pullThrough(this.#inlet)
    return value === ended ? this.endAs(this.#inlet) : value
  }

  offer(value: T): boolean {
    return this.stage.passOn(value)
  }

  override rest(): void {
    this.#inlet.rest()
  }

  override release(reason: unknown): void {
    this.#inlet.leave(reason)
  }
}

/** The end of its context is its normal end. */
class OrDone<T> extends Pass<T> {
  override causeOf(): null {
    return null
  }

  // What is before it may end with the same context, and sooner.
  protected override endAs(inlet: Inlet<T>): typeof ended {
    const { cause } = inlet
    const isOwn = cause?.isQuiet === true && this.stage.scope.ctx.err !== undefined
    return this.stage.endWith(isOwn ? null : cause)
  }
}

class Take<T> extends StageLogic<T> {
  readonly #inlet: Inlet<T>
  #left: number

  constructor(input: Channel<T>, count: number, options: CheckedOptions) {
    super(options)
    this.#inlet = new Inlet(input, this)
    this.#left = count
  }

  override produce(): Pulled<T> {
    if (this.#left === 0) return this.stage.endWith(null)
    const value = this.#inlet.pull()
    if (value === ended) return this.endAs(this.#inlet)
    if (value !== pending && --this.#left === 0) this.stage.endBehind()
    return value
  }

  override rest(): void {
    this.#inlet.rest()
  }

  override release(reason: unknown): void {
    this.#inlet.leave(reason)
  }
}

/**
 * The values of `ch` until it is closed or `ctx` ends: a plain loop over it ends with either. That the context has ended is a
 * normal end here, also for `collect`: the values so far are what was asked for.
 *
 * *Cancellation*: no value is taken from `ch` that is not handed on.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ch` is no channel or `ctx` no context.
 * @example
 * using ctx = withCancel(background())
 * const seen: number[] = []
 * for await (const n of orDone(repeat(1, 2, 3), ctx)) if (seen.push(n) === 4) ctx.cancel()
 * console.log(seen) // [ 1, 2, 3, 1 ]
 */
export function orDone<T>(ch: ReceiveChan<T>, ctx?: Cancel, options?: Omit<StageOptions, 'ctx'>): ReceiveChan<T> {
  const checked = { ...checkOptions(options), ctx: checkOptions({ ctx }).ctx }
  return new OrDone<T>(inputOf(ch), checked).stage.open()
}

/**
 * A queue of up to `capacity` values between two stages. It fills itself from the start, so that what is before it can be ahead of
 * what is behind it; it makes nothing faster by itself (see Little's law).
 * @throws {PanicError} `ERR_CHAN_SIZE`, `ERR_INVALID_ARG_TYPE` for a capacity that is none.
 * @example
 * const queue = buffer(fromIterable([1, 2, 3]), 2)
 * console.log(await collect(queue)) // [ 1, 2, 3 ]
 */
export function buffer<T>(
  ch: ReceiveChan<T>,
  capacity: number,
  options?: Omit<StageOptions, 'capacity'> | Cancel,
): ReceiveChan<T> {
  requireCapacity(capacity)
  return new Pass<T>(inputOf(ch), { ...checkOptions(options), capacity }).stage.open()
}

/**
 * Gives `n` channels that share the values of `ch`: each value goes to one of them, to whichever asks first. Give each to a
 * worker, and `merge` what they make of it.
 * @throws {PanicError} `ERR_OUT_OF_RANGE` when `n` is no integer of at least 1.
 * @example
 * const workers = fanOut(fromIterable([1, 2, 3, 4]), 2).map((ch) => map(ch, async (n) => n * n))
 * const squares = await collect(merge(...workers))
 * console.log(squares.sort((a, b) => a - b)) // [ 1, 4, 9, 16 ]
 */
export function fanOut<T>(ch: ReceiveChan<T>, n: number, options?: StageOptions | Cancel): ReceiveChan<T>[] {
  requireInteger('n', n, 1)
  const input = inputOf(ch)
  const checked = checkOptions(options)
  const stages = Array.from({ length: n }, () => new Pass<T>(input, checked).stage)
  return stages.map((stage) => stage.open())
}

/**
 * The first `n` values of `ch`. With the last one it ends, and so does a stage that it reads from; an ordinary channel goes on.
 * @throws {PanicError} `ERR_OUT_OF_RANGE` when `n` is no integer of at least 0.
 * @example
 * console.log(await collect(take(repeat(1, 2), 5))) // [ 1, 2, 1, 2, 1 ]
 */
export function take<T>(ch: ReceiveChan<T>, n: number, options?: StageOptions | Cancel): ReceiveChan<T> {
  requireInteger('n', n, 0)
  return new Take<T>(inputOf(ch), n, checkOptions(options)).stage.open()
}
