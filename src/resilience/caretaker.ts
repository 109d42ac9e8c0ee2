// The goroutine behind a steward.
//
// Invariants
// * At most one ward is watched; every other one that was started has had its context ended before.
// * `#held` is a value that was taken from a ward and that no reader has yet; meanwhile none is taken.
// * Everything is waited for in the one select of `#next`: so a pulse of the steward's proves that it watches.
import { select, sending } from '../chan/select.ts'
import type { ReceiveChan } from '../chan/types.ts'
import type { CancelableContext } from '../context/types.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Clock } from '../runtime/clock.ts'
import { go } from '../runtime/go.ts'
import type { Goroutine } from '../runtime/goroutine.ts'
import type { Operation, Wait } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { wait } from '../runtime/wait.ts'
import { Ticker } from '../time/ticker.ts'
import { Timer } from '../time/timer.ts'
import { afterArrivals } from './after-arrivals.ts'
import { type Pulse, PulseSource } from './pulse.ts'
import type { EndReason } from './restart-policy.ts'
import { Results } from './results.ts'
import { StewardError } from './steward-error.ts'
import type { StewardSettings } from './steward-options.ts'
import { type StartWard, type Ward, WardLife } from './ward.ts'
import type { Signal, Signals } from './ward-signals.ts'

interface Demise {
  readonly reason: EndReason
  readonly error: unknown
  /** Whether it had pulsed for as long as it may be silent. */
  readonly wasHealthy: boolean
  /** Closed when it is really over; for a ward that cannot be joined. */
  readonly pulse: ReceiveChan<unknown> | null
}

const pastTense = { silent: 'fallen silent', failed: 'failed', ended: 'returned' } as const

export class Caretaker<T> {
  readonly results: Results<T> = new Results<T>()
  restarts = 0
  readonly #startWard: StartWard<T>
  readonly #settings: StewardSettings
  readonly #scope: CancelableContext
  readonly #clock: Clock = scheduler.clock
  readonly #pulses = new PulseSource()
  readonly #ticker: Ticker
  #held: { readonly value: T } | null = null
  readonly #goroutine: Goroutine<void>

  constructor(startWard: StartWard<T>, settings: StewardSettings, scope: CancelableContext) {
    this.#startWard = startWard
    this.#settings = settings
    this.#scope = scope
    this.#ticker = new Ticker(settings.intervalMs)
    this.#goroutine = go(steward, this)
  }

  get pulse(): ReceiveChan<Pulse> {
    return this.#pulses.channel
  }

  join(ctx?: Cancel): Operation<void> {
    return this.#goroutine.join(ctx)
  }

  cancel(cause?: unknown): void {
    this.#scope.cancel(cause)
  }

  [Symbol.dispose](): void {
    this.cancel()
  }

  /** @internal The body of its goroutine. */
  *tend(): Generator<Wait, void> {
    let failure: { readonly error: unknown } | null = null
    try {
      yield* this.#tendWards()
    } catch (error) {
      if (error !== this.#scope.err) failure = { error }
      // Joined for the readers: the error is theirs then, and no panic.
      if (failure !== null && this.results.hasReader) void this.#goroutine.join()
      throw error
    } finally {
      this.#ticker.stop()
      this.results.end(failure)
      this.#pulses.close()
      this.#scope.cancel()
    }
  }

  *#tendWards(): Generator<Wait, void> {
    for (;;) {
      if (this.#scope.err !== undefined) throw this.#scope.err
      const life = new WardLife(this.#startWard, this.#settings.timeoutMs / 2, this.#scope)
      const demise = yield* this.#watch(life)
      life.cancel(demise.reason === 'silent' ? demise.error : undefined)
      if (!this.#settings.policy.restartsAfter(demise.reason)) return
      const delayMs = this.#decide(demise)
      yield* this.#pause(life, demise, delayMs)
    }
  }

  /** Watches a ward until it has ended, or is to be ended. */
  *#watch(life: WardLife<T>): Generator<Wait, Demise> {
    const startedAt = this.#clock.now()
    const timer = new Timer(this.#settings.timeoutMs)
    let ward: Ward<T> | null = null
    let pulse: ReceiveChan<unknown> | null = null
    let results: ReceiveChan<T> | null = null
    let pulsedAt = startedAt
    const demise = (reason: EndReason, error?: unknown): Demise => {
      const wasHealthy = pulsedAt - startedAt >= this.#settings.timeoutMs
      return { reason, error, wasHealthy, pulse: ward?.join === undefined ? pulse : null }
    }
    for (;;) {
      const signal: Signal<T> = yield* this.#next({
        started: life.started,
        ended: life.ended,
        pulse,
        results,
        timeout: timer.c,
      })
      if (signal.case === 'started') {
        ward = signal.value
        pulse = ward.pulse
        results = ward.results ?? null
      } else if (signal.case === 'results') {
        if (signal.ok) this.#held = { value: signal.value }
        else results = null
      } else if (signal.case === 'broken') {
        return demise('failed', signal.error)
      } else if (signal.case === 'ended') {
        const { failed, error, isMisuse } = signal.value
        if (isMisuse === true) throw error
        const broken = yield* this.#drain(results)
        return failed || broken === null ? demise(failed ? 'failed' : 'ended', error) : demise('failed', broken.error)
      } else {
        const isPulse = signal.case === 'pulse' ? signal.ok : yield* this.#lookAgain(pulse)
        if (isPulse) {
          pulsedAt = this.#clock.now()
          timer.reset(this.#settings.timeoutMs)
        } else if (signal.case === 'timeout') {
          const message = `the ward has not pulsed for ${this.#settings.timeoutMs} ms`
          return demise('silent', new StewardError('ERR_WARD_SILENT', message))
        } else {
          pulse = null
          if (ward?.join !== undefined) continue // which says how it has ended
          const broken = yield* this.#drain(results)
          return broken === null ? demise('ended') : demise('failed', broken.error)
        }
      }
    }
  }

  /** Whether there was a pulse after all when the time was up. */
  *#lookAgain(pulse: ReceiveChan<unknown> | null): Generator<Wait, boolean> {
    const record = scheduler.currentRecord()
    yield* wait(new Promise<void>((resolve) => afterArrivals(record, resolve)), this.#scope)
    return pulse?.tryReceive()?.ok === true
  }

  /** Hands on what an ended ward has left; returns the error at its end, if there is one. Not for ever: it may close nothing. */
  *#drain(results: ReceiveChan<T> | null): Generator<Wait, { readonly error: unknown } | null> {
    const timer = new Timer(this.#settings.timeoutMs)
    for (;;) {
      yield* this.#deliver()
      if (results === null) return null
      timer.reset(this.#settings.timeoutMs)
      const signal = yield* this.#next({ results, timeout: timer.c })
      if (signal.case === 'broken') return signal
      if (signal.case !== 'results' || !signal.ok) return null
      this.#held = { value: signal.value }
    }
  }

  *#deliver(): Generator<Wait, void> {
    while (this.#held !== null) yield* this.#step({})
  }

  /** Counts a restart and says so; returns how long to wait before it. */
  #decide({ reason, error, wasHealthy }: Demise): number {
    const { policy, onRestart } = this.#settings
    const now = this.#clock.now()
    const what = `the ward has ${pastTense[reason]}`
    if (!policy.allows(now)) {
      throw givenUp(`${what} again, after ${policy.maxRestarts} restarts within ${policy.withinMs} ms`, error)
    }
    const delayMs = policy.delayMs(reason, error, wasHealthy, now)
    if (delayMs === undefined) throw givenUp(`${what}, and the schedule has no more restarts`, error)
    this.restarts++
    onRestart({ reason, error, restarts: this.restarts, delayMs })
    return delayMs
  }

  /** Waits until the next ward may be started. */
  *#pause(life: WardLife<T>, { reason, pulse }: Demise, delayMs: number): Generator<Wait, void> {
    const until = this.#clock.now() + delayMs
    if (reason === 'silent' && this.#settings.graceMs > 0) yield* this.#awaitEnd(life, pulse)
    const leftMs = until - this.#clock.now()
    if (leftMs > 0) yield* this.#next({ timeout: new Timer(leftMs).c })
  }

  /** Waits for the end of a ward that was cancelled, for as long as it may take. */
  *#awaitEnd(life: WardLife<T>, pulse: ReceiveChan<unknown> | null): Generator<Wait, void> {
    const grace = new Timer(this.#settings.graceMs)
    for (;;) {
      const signal = yield* this.#next({ ended: life.ended, pulse, timeout: grace.c })
      if (signal.case !== 'pulse' || !signal.ok) return
    }
  }

  *#next(signals: Signals<T>): Generator<Wait, Signal<T>> {
    for (;;) {
      const signal = yield* this.#step(signals)
      if (signal !== null) return signal
    }
  }

  /** One thing happens; null when it is none of the signals. */
  *#step(signals: Signals<T>): Generator<Wait, Signal<T> | null> {
    const { started = null, ended = null, pulse = null, results = null, timeout = null } = signals
    const held = this.#held
    const taken = held === null ? null : sending(this.results, held.value)
    // Listed, so that a time limit that is up together with the pulse it was for does not count.
    const cases = {
      tick: this.#ticker.c,
      ended,
      started,
      pulse,
      taken,
      results: held === null ? results : null,
      timeout,
    }
    try {
      const picked = yield* select(cases, { ctx: this.#scope, order: 'listed' })
      if (picked.case === 'tick') this.#pulses.send()
      else if (picked.case === 'taken') this.#held = null
      else return picked as Signal<T>
      return null
    } catch (error) {
      if (this.#scope.err !== undefined) throw this.#scope.err
      return { case: 'broken', error }
    }
  }
}

function givenUp(message: string, error: unknown): StewardError {
  return new StewardError('ERR_RESTARTS_EXHAUSTED', message, error === undefined ? {} : { cause: error })
}

function* steward(caretaker: Caretaker<unknown>): Generator<Wait, void> {
  yield* caretaker.tend()
}
