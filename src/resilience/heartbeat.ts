// Heartbeats, after Concurrency in Go, chapter 5. There the worker's own select loop sends the pulses, so that one proves
// that the loop comes round. A timer beside an awaiting worker would prove nothing: here a pulse needs a sign of life of the worker's.
import type { ReceiveChan } from '../chan/types.ts'
import { deriveScope } from '../context/derive-scope.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import { invalidType, requireFunction, requireObject, requirePeriod } from '../errors/argument.ts'
import { isCancellation } from '../errors/cancellation.ts'
import { KilledError } from '../errors/goroutine-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { exiting } from '../runtime/goexit.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { JoinPoint } from '../runtime/join-point.ts'
import type { Operation } from '../runtime/operation.ts'
import { Child, type Parent } from '../sync/child.ts'
import { type HeartbeatWorker, Worker } from './heartbeat-worker.ts'
import { IntervalPulses, type Pulse, PulseSource } from './pulse.ts'
import { Results } from './results.ts'

/** A pulse every `intervalMs` milliseconds, or one at the start of each unit of work. */
export type HeartbeatOptions =
  | { readonly intervalMs: number; readonly perUnit?: false | undefined }
  | { readonly perUnit: true; readonly intervalMs?: undefined }

/** A worker that can be listened to. */
export interface Heartbeat<out T> extends Disposable {
  /** Its pulses: at most one is kept for a slow listener, the latest. Closed when the worker has ended. */
  readonly pulse: ReceiveChan<Pulse>
  /** What it sends. It ends as the worker does: with its error, if it failed; it is just closed when that was told to stop. */
  readonly results: ReceiveChan<T>
  /**
   * Waits for the end of the worker.
   *
   * *Blocking*: until it has ended. *Cancellation*: only this wait ends.
   * @throws what the worker threw; {@link ContextError} when `ctx` ends first.
   */
  join(ctx?: Cancel): Operation<void>
  /** Ends the worker's context: asks it to stop. */
  cancel(cause?: unknown): void
}

/** What a heartbeat runs: async, a generator function or plain. */
export type HeartbeatBody<T> = (worker: HeartbeatWorker<T>, ctx: Context) => GoroutineBody<unknown>

class Heart<T> implements Heartbeat<T>, Parent {
  readonly results: Results<T> = new Results<T>()
  readonly #interval: IntervalPulses | null
  readonly #pulses: PulseSource
  readonly #scope: CancelableContext
  readonly #end: JoinPoint<void>

  constructor(fn: HeartbeatBody<T>, intervalMs: number | null, scope: CancelableContext) {
    this.#interval = intervalMs === null ? null : new IntervalPulses(intervalMs)
    this.#pulses = this.#interval?.pulses ?? new PulseSource()
    this.#scope = scope
    const worker = new Worker(this.results, scope, this.#interval ?? this.#pulses)
    const child = new Child(() => fn(worker, scope), this)
    child.name = fn.name
    this.#end = new JoinPoint<void>(child.start())
  }

  get pulse(): ReceiveChan<Pulse> {
    return this.#pulses.channel
  }

  join(ctx?: Cancel): Operation<void> {
    return this.#end.join(ctx)
  }

  cancel(cause?: unknown): void {
    this.#scope.cancel(cause)
  }

  [Symbol.dispose](): void {
    this.cancel()
  }

  ended(failed: boolean, value: unknown): boolean {
    const hasError = failed && value !== exiting
    const wasToldToStop = value instanceof KilledError || (this.#scope.err !== undefined && isCancellation(value))
    this.#interval?.stop()
    this.results.end(hasError && !wasToldToStop ? { error: value } : null)
    this.#pulses.close()
    this.#end.conclude(hasError, hasError ? value : undefined)
    if (hasError && this.results.hasReader) this.#claim()
    this.#scope.cancel()
    return true // nobody but who reads or joins answers for it, and if there is none, the join point panics
  }

  /** The error is the reader's: it is no panic when nobody joins for it. */
  #claim(): void {
    try {
      this.#end.join().catch(() => {})
    } catch {
      // the same error, thrown at the call as it is in a generator goroutine
    }
  }
}

/**
 * Starts `fn` as a goroutine whose signs of life can be listened to. `fn` is given its {@link HeartbeatWorker} and a context; it may be
 * async, a generator function or plain.
 *
 * With `intervalMs` there is a pulse every interval in which the worker has shown life: by `worker.beat()`, or by waiting in
 * `worker.send` or `worker.wait`. One that hangs anywhere else falls silent after at most one more pulse, and one that loops without any of
 * them is silent too. With `perUnit` each `worker.beat()` is a pulse: at the start of each unit of work. No listener ever holds the worker up.
 *
 * The worker ends when `fn` does; its context ends with `ctx`, by `cancel`, or at the end of the block after `using`. An error that `fn`
 * throws goes to who reads the results, after the last of them, and to who joins. As of every goroutine, one for which there is neither is
 * a panic, unless it was told to stop.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE` when `intervalMs` is not above 0 and finite.
 * @example
 * const { pulse, results } = heartbeat<number>(async (worker, ctx) => {
 *   for (const i of [1, 2]) {
 *     await worker.wait(sleep(20, ctx))
 *     await worker.send(i)
 *   }
 * }, { intervalMs: 5 })
 * console.log((await pulse.receive())!.n) // 1
 * for await (const result of results) console.log(result) // 1 2
 */
export function heartbeat<T>(fn: HeartbeatBody<T>, options: HeartbeatOptions, ctx?: Cancel): Heartbeat<T> {
  requireFunction('fn', fn)
  requireObject('options', options)
  const { intervalMs, perUnit } = options
  if ((perUnit === true) === (intervalMs !== undefined)) {
    throw invalidType('options', 'an object with either intervalMs or perUnit: true', options)
  }
  if (intervalMs !== undefined) requirePeriod('intervalMs', intervalMs)
  return new Heart(fn, intervalMs ?? null, deriveScope(ctx))
}
