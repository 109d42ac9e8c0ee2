// Healing: a steward watches a ward and starts it again when its pulses stop. After Concurrency in Go, chapter 5, with what
// supervisors know beside that: Erlang's restart intensity, and a delay that grows.
import type { ReceiveChan } from '../chan/types.ts'
import { deriveScope } from '../context/derive-scope.ts'
import { requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Operation } from '../runtime/operation.ts'
import { Caretaker } from './caretaker.ts'
import type { Pulse } from './pulse.ts'
import { type StewardOptions, StewardSettings } from './steward-options.ts'
import type { StartWard } from './ward.ts'

/** A ward that is looked after. It can itself be the ward of another steward. */
export interface Steward<out T> extends Disposable {
  /** The steward's own pulses, which prove that it watches. Closed at its end. */
  readonly pulse: ReceiveChan<Pulse>
  /** The values of all the wards, one ward after the other. It ends as the steward does: with its error, when it has given up. */
  readonly results: ReceiveChan<T>
  /** How many restarts there were. */
  readonly restarts: number
  /**
   * Waits for the steward's end: the ward has returned, or the steward has given up or was cancelled.
   *
   * *Blocking*: until then. *Cancellation*: only this wait ends.
   * @throws {StewardError} `ERR_RESTARTS_EXHAUSTED` when it has given up.
   * @throws {ContextError} when it was cancelled, or `ctx` ends first.
   */
  join(ctx?: Cancel): Operation<void>
  /** Ends the ward's context, and the steward. */
  cancel(cause?: unknown): void
}

/**
 * Starts a ward, and starts it again whenever its pulses stop for `timeoutMs`, or it fails. It gives its values on as one stream.
 *
 * `startWard(ctx, intervalMs)` returns what is to be watched: a `heartbeat`, another steward, or just a channel of pulses. `ctx` is the
 * ward's own, and has ended before the next one is started; `intervalMs` is how often it should pulse. It may be async, a
 * generator function or plain, and is part of the ward: it too may fail, or take too long.
 *
 * A ward that ignores its context is left to itself: nothing it sends or throws later is seen. Values that a ward has sent arrive
 * once and in order, also after its end, each as soon as a reader takes it; one that is still on its way when the steward
 * ends is lost. A ward that returns is done, and so is its steward, unless told otherwise. When there were too many restarts the
 * steward gives up: its error goes to who reads the results and to who joins, and as of every goroutine is a panic when there is neither.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE`.
 * @example
 * let lives = 0
 * const healed = steward((ctx, intervalMs) => heartbeat<string>(async (worker) => {
 *   if (++lives === 1) await never.receive(ctx) // hangs: this wait is no sign of life
 *   await worker.send(`life ${lives}`)
 * }, { intervalMs }, ctx), { timeoutMs: 20 })
 * for await (const result of healed.results) console.log(result) // life 2
 * console.log(healed.restarts) // 1
 */
export function steward<T = never>(startWard: StartWard<T>, options: StewardOptions, ctx?: Cancel): Steward<T> {
  requireFunction('startWard', startWard)
  return new Caretaker<T>(startWard, new StewardSettings(options), deriveScope(ctx))
}
