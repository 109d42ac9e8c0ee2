// A source that is read by promises: an async iterable, a stream, a channel that is not ours. One read is under way at a
// time; it begins when somebody asks, and then one value is read ahead, as a goroutine would.
import { invalidType } from '../errors/argument.ts'
import { CallingLogic } from './calling.ts'
import { type CheckedOptions, noOptions } from './options.ts'
import { type Pulled, pending } from './pulled.ts'

/** What is read; `return` is called when reading stops early. */
export interface AsyncReader<T> {
  next(): PromiseLike<IteratorResult<T, unknown>>
  return?: ((reason: unknown) => unknown) | undefined
}

type Read<T> =
  | { readonly failed: false; readonly result: IteratorResult<T, unknown> }
  | { readonly failed: true; readonly error: unknown }

export class AsyncSource<T> extends CallingLogic<T> {
  readonly #reader: AsyncReader<T>
  #isReading = false
  #read: Read<T> | null = null
  /** It has ended, or failed, by itself: there is nothing to stop. */
  #isOver = false

  constructor(reader: AsyncReader<T>, options: CheckedOptions = noOptions) {
    super(options)
    this.#reader = reader
  }

  protected override compute(): Pulled<T> {
    const read = this.#read
    if (read === null) {
      if (!this.#isReading) this.#readNext()
      return pending
    }
    this.#read = null
    if (read.failed) throw read.error
    if (read.result.done === true) return this.stage.endWith(null)
    this.meter?.arrived()
    this.#readNext()
    return read.result.value
  }

  override release(reason: unknown): void {
    if (this.#isOver || this.#reader.return === undefined) return
    this.stage.scope.callLater(() => {
      // Nobody is left to be told of an error in that.
      void (async () => this.#reader.return?.(reason))().catch(() => {})
    })
  }

  #readNext(): void {
    this.#isReading = true
    this.#isOver = true // one that throws has ended
    const next = this.#reader.next()
    this.#isOver = false
    if (this.stage.closed) this.release(undefined) // ended by what the reader itself did
    Promise.resolve(next).then(
      (result) => this.#arrived(readOf(result)),
      (error: unknown) => this.#arrived({ failed: true, error }),
    )
  }

  #arrived(read: Read<T>): void {
    this.#isReading = false
    this.#isOver = read.failed || read.result.done === true
    this.#read = read
    if (!this.stage.closed) this.stage.flushLater()
  }
}

function readOf<T>(result: IteratorResult<T, unknown>): Read<T> {
  if (typeof result === 'object' && result !== null) return { failed: false, result }
  return { failed: true, error: invalidType('what a reader gives', 'an iterator result', result) }
}
