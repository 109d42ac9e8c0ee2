// Chunking: values in groups, by number or by time.
//
// Invariants
// * `#values` are fewer than `size`, or a batch that is ready and waits for the reader.
// * The timer runs exactly while a batch is begun and neither full nor due; it keeps the program alive then.
import type { Channel } from '../chan/chan.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { invalidType, outOfRange, requireDuration, requireInteger } from '../errors/argument.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import { dueIn } from '../time/duration.ts'
import { Inlet } from './inlet.ts'
import { inputOf } from './input.ts'
import { StageLogic } from './logic.ts'
import { type CheckedOptions, checkOptions, type StageOptions } from './options.ts'
import { ended, type Pulled, pending, stride } from './pulled.ts'

export interface BatchOptions extends StageOptions {
  /** A batch is complete with so many values: an integer of at least 1; default: no limit, if there is `withinMs`. */
  readonly size?: number | undefined
  /** A batch is complete so many milliseconds after its first value; default: it waits until it is full. */
  readonly withinMs?: number | undefined
}

class BatchTimer extends TimerEntry {
  readonly #clock = scheduler.clock
  readonly stage: { timeIsOver(): void }

  constructor(stage: { timeIsOver(): void }) {
    super(fireBatch)
    this.stage = stage
    this.#clock.retain(this)
  }

  start(ms: number): void {
    this.due = dueIn(this.#clock, ms)
    this.#clock.start(this)
  }

  stop(): void {
    this.#clock.stop(this)
  }
}

function fireBatch(this: TimerEntry): void {
  ;(this as BatchTimer).stage.timeIsOver()
}

class Batching<T> extends StageLogic<T[]> {
  readonly #inlet: Inlet<T>
  readonly #size: number
  readonly #withinMs: number
  readonly #timer: BatchTimer | null
  #values: T[] = []
  #isDue = false

  constructor(input: Channel<T>, size: number, withinMs: number, options: CheckedOptions) {
    super(options)
    this.#inlet = new Inlet(input, this)
    this.#size = size
    this.#withinMs = withinMs
    this.#timer = withinMs === Number.POSITIVE_INFINITY ? null : new BatchTimer(this)
  }

  override weightOf(batch: T[]): number {
    return batch.length
  }

  override produce(): Pulled<T[]> {
    for (let steps = 0; steps < stride; steps++) {
      if (this.#values.length >= this.#size || this.#isDue) return this.#give()
      const value = this.#inlet.pull()
      if (value === pending) return pending
      if (value === ended) return this.#values.length > 0 ? this.#give() : this.endAs(this.#inlet)
      this.#add(value)
    }
    return this.stage.flushLater()
  }

  override inputReady(): void {
    this.takeTurn()
  }

  override takeTurn(): void {
    this.stage.flush()
    this.stage.workAhead()
  }

  /** What arrives goes into the next batch while the reader has yet to ask for it. */
  override workAhead(): void {
    let steps = 0
    while (!this.stage.closed && this.#values.length < this.#size && !this.#isDue) {
      if (++steps > stride) {
        this.stage.flushLater()
        return
      }
      const value = this.#inlet.pull()
      if (value === pending || value === ended) return
      this.#add(value)
    }
  }

  #add(value: T): void {
    const length = this.#values.push(value)
    if (length >= this.#size) this.#timer?.stop()
    else if (length === 1) this.#timer?.start(this.#withinMs)
  }

  timeIsOver(): void {
    this.#isDue = true
    this.#inlet.rest()
    this.stage.flushLater()
  }

  #give(): T[] {
    const values = this.#values
    this.#values = []
    this.#isDue = false
    this.#timer?.stop()
    if (!this.stage.closed) this.stage.flushLater()
    return values
  }

  override release(reason: unknown): void {
    this.#inlet.leave(reason)
    this.#timer?.stop()
    this.#values = []
  }
}

/**
 * The values in arrays: each of `size` values, or of what came within `withinMs` milliseconds of its first; the last may be
 * smaller. While the reader is busy with one batch, the next one is collected, and no more than that.
 *
 * *Cancellation*: a batch that has begun is dropped. When the input fails, the batch that had begun comes first.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` for a wrong option, or when there is neither.
 * @example
 * console.log(await collect(batch(fromIterable([1, 2, 3]), { size: 2 }))) // [ [ 1, 2 ], [ 3 ] ]
 */
export function batch<T>(ch: ReceiveChan<T>, options: BatchOptions): ReceiveChan<T[]> {
  const checked = checkOptions(options)
  const { size = Number.POSITIVE_INFINITY, withinMs = Number.POSITIVE_INFINITY } = options ?? {}
  if (size !== Number.POSITIVE_INFINITY) requireInteger('size', size, 1)
  requireDuration('withinMs', withinMs)
  if (withinMs < 0) throw outOfRange('withinMs', 'at least 0', withinMs)
  if (size === Number.POSITIVE_INFINITY && withinMs === size)
    throw invalidType('options', 'an object with a size or withinMs', options)
  return new Batching<T>(inputOf(ch), size, withinMs, checked).stage.open()
}
