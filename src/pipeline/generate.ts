// A source that is a function: the generator pattern of Concurrency in Go, where a function owns the channel that it fills.
import { Channel } from '../chan/chan.ts'
import type { ReceiveChan, SendChan } from '../chan/types.ts'
import { withCancel } from '../context/derive.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import { invalidType, requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { exiting } from '../runtime/goexit.ts'
import type { Goroutine, GoroutineBody } from '../runtime/goroutine.ts'
import { isAsyncIterable, isIterable, openIterable } from './from-iterable.ts'
import { Inlet } from './inlet.ts'
import { StageLogic } from './logic.ts'
import { type CheckedOptions, checkOptions, type StageOptions } from './options.ts'
import { ended, type Pulled } from './pulled.ts'
import { endGoroutine, startCall } from './work.ts'

/** A goroutine that sends into a channel of its own, which is closed when it ends. */
export type Producer<T> = (out: SendChan<T>, ctx: Context) => GoroutineBody<void>

class Production<T> extends StageLogic<T> {
  readonly #producer: Producer<T>
  readonly #sent = new Channel<T>(0, 'block')
  readonly #inlet: Inlet<T>
  readonly #own: CancelableContext
  #goroutine: Goroutine<void> | null = null
  /** The stage has ended before it did: its errors are that it was told to stop. */
  #isStopped = false
  #error: { readonly error: unknown } | null = null

  constructor(producer: Producer<T>, options: CheckedOptions) {
    super(options)
    this.#producer = producer
    this.#inlet = new Inlet(this.#sent, this)
    this.#own = withCancel(this.stage.scope.ctx)
  }

  start(): ReceiveChan<T> {
    const stage = this.stage.open()
    if (stage.closed) return stage
    const produce = (): unknown => this.#producer(this.#sent, this.#own)
    this.#goroutine = startCall(this.#producer.name, produce, (failed, error) => this.#end(failed, error))
    return stage
  }

  #end(failed: boolean, error: unknown): void {
    this.#goroutine = null
    const isItsOwn = failed && error !== exiting && !this.#isStopped
    if (isItsOwn && !this.stage.closed) this.#error = { error }
    if (!this.#sent.closed) this.#sent.close()
    if (isItsOwn && this.#error === null) throw error // it had closed the channel itself: nobody else would hear of it
  }

  override produce(): Pulled<T> {
    const value = this.#inlet.pull()
    if (value !== ended) return value
    return this.stage.endWith(this.#error === null ? null : { ...this.#error, isQuiet: false })
  }

  override rest(): void {
    this.#inlet.rest()
  }

  override release(reason: unknown): void {
    this.#isStopped = !this.#sent.closed
    this.#inlet.leave()
    this.stage.scope.endContext(this.#own, reason)
    // One that is blocked in a send is unwound: a generator by this, any other by the error of a closed channel.
    if (this.#goroutine !== null) endGoroutine(this.#goroutine, reason)
    if (!this.#sent.closed) this.#sent.close()
  }
}

/**
 * A source that is a function. Without parameters it returns an iterable (a generator function does), which is read when somebody
 * asks. With parameters it is a goroutine, of any style, that sends into `out`: it starts at once, waits until each value is taken,
 * and its end closes the channel.
 *
 * *Cancellation*: when the stage ends, because `ctx` did or nobody reads any more, the iterable is told (`return`); the
 * goroutine's context ends, and a send in which it is blocked fails. An error of `fn` ends the stage, and the reader gets it.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `fn` is no function, or returns nothing to read.
 * @example
 * const countdown = generate<number>(async (out) => {
 *   for (let n = 3; n > 0; n--) await out.send(n)
 * })
 * console.log(await collect(countdown)) // [ 3, 2, 1 ]
 */
export function generate<T>(fn: Producer<T>, options?: StageOptions | Cancel): ReceiveChan<T>
export function generate<T>(fn: () => Iterable<T> | AsyncIterable<T>, options?: StageOptions | Cancel): ReceiveChan<T>
export function generate<T>(
  fn: Producer<T> | (() => Iterable<T> | AsyncIterable<T>),
  options?: StageOptions | Cancel,
): ReceiveChan<T> {
  requireFunction('fn', fn)
  const checked = checkOptions(options)
  if (fn.length > 0) return new Production(fn as Producer<T>, checked).start()
  const values = (fn as () => Iterable<T>)()
  if (isIterable(values) || isAsyncIterable(values)) return openIterable(values as Iterable<T>, checked)
  throw invalidType('what fn returns', 'an iterable', values)
}
