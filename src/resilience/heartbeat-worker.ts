// What the function of a heartbeat is given to work with.
import type { SendChan } from '../chan/types.ts'
import type { Context } from '../context/types.ts'
import { type Operation, yieldsTurn } from '../runtime/operation.ts'
import { wait } from '../runtime/wait.ts'
import type { Ending, IntervalPulses, PulseSource } from './pulse.ts'

/** The worker's side of a heartbeat: how it shows that it is alive, and where its results go. */
export interface HeartbeatWorker<in T> {
  /**
   * Says that the worker has come to this point. Per unit of work, it is the pulse at the start of a unit. By interval it is a sign of
   * life, of which at most one pulse an interval is made: call it as often as you like. Never blocks.
   */
  readonly beat: () => void
  /**
   * Sends a result, and is a sign of life for as long as it waits to: a slow reader is no fault of the worker's.
   *
   * *Blocking*: until a reader of the results has taken it. *Cancellation*: the heartbeat's context ends it; it has not sent then.
   * @throws {ContextError} when the heartbeat's context ends first.
   */
  readonly send: (value: T) => Operation<void>
  /**
   * Waits for an operation or a promise, and is a sign of life meanwhile: for waits that may be long, such as for the next job. What is
   * waited for without it must be over before the pulses are missed; so a call that hangs is found out.
   *
   * *Cancellation*: the heartbeat's context ends the wait for a promise; an operation needs it as its own `ctx`.
   * @throws what is waited for does; {@link ContextError}.
   */
  readonly wait: <V>(waited: Operation<V> | PromiseLike<V>) => Operation<V>
}

/** One whose pulses are by interval; `pulses` null: per unit. */
export class Worker<T> implements HeartbeatWorker<T> {
  readonly #results: SendChan<T>
  readonly #ctx: Context
  readonly #interval: IntervalPulses | null
  readonly #unit: PulseSource | null

  constructor(results: SendChan<T>, ctx: Context, pulses: IntervalPulses | PulseSource) {
    this.#results = results
    this.#ctx = ctx
    this.#interval = 'pulses' in pulses ? pulses : null
    this.#unit = 'pulses' in pulses ? null : pulses
  }

  readonly beat = (): void => {
    this.#interval?.noteLife()
    this.#unit?.send()
  }

  readonly send = (value: T): Operation<void> => this.#watched(this.#results.send(value, this.#ctx))

  readonly wait = <V>(waited: Operation<V> | PromiseLike<V>): Operation<V> =>
    this.#watched(isOperation(waited) ? waited : wait(waited, this.#ctx))

  #watched<V>(operation: Operation<V>): Operation<V> {
    this.#interval?.noteWait(endingOf(operation))
    return operation
  }
}

function isOperation<V>(waited: Operation<V> | PromiseLike<V>): waited is Operation<V> {
  return typeof waited === 'object' && waited !== null && Symbol.iterator in waited
}

/** An operation of a generator goroutine tells its end by itself; a promise must be asked to. */
function endingOf(operation: Operation<unknown> | (Ending & { readonly tag?: unknown })): Ending {
  // That of `gosched` is the same one for all, and never done.
  if ('done' in operation) return operation.tag === yieldsTurn ? { done: true } : operation
  const ending = { done: false }
  const end = (): void => {
    ending.done = true
  }
  operation.then(end, end)
  return ending
}
