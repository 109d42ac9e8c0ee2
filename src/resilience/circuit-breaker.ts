// A circuit breaker: calls of something that fails are no longer made, until it works again. After Nygard's "Release It!";
// the states are those of gobreaker and resilience4j.
//
//            enough failures                 the time is over, and a call comes
//   closed ────────────────▶ open ─────────────────────────────────────▶ half-open
//      ▲                       ▲                    a probe fails            │
//      │                       └─────────────────────────────────────────────┤
//      └─────────────────────────────────────────────────────────────────────┘
//                                all probes succeeded
//
// Invariants
// * Each state begins a new `#epoch`. A call counts only in the epoch in which it was let through: calls from before the
//   circuit opened say nothing about whether it should close.
// * Half-open, those under way and those that succeeded are never more than `probes`. A probe that was given up makes room
//   for another; one that is stuck does so when the circuit has been half-open for as long as it had been open.
// * There is no timer: that the time is over is noticed by the call that comes next.
import type { Subscription } from '../chan/subscription.ts'
import { type Watch, watch } from '../chan/watch.ts'
import { requireDuration } from '../errors/argument.ts'
import { DeadlineExceededError } from '../errors/context-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { exiting } from '../runtime/goexit.ts'
import { fail, type Operation } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type BreakerRules, type CircuitBreakerOptions, rulesOf } from './breaker-options.ts'
import { Call, type Callee, type CallObserver, refusedCall } from './call.ts'
import { type Health, HealthRecord } from './health.ts'
import { CircuitOpenError } from './rejected-error.ts'
import { isAbort } from './told-to-stop.ts'

export type CircuitState = 'closed' | 'open' | 'half-open'

/** What a circuit breaker does, and since when. */
export interface CircuitStatus {
  readonly state: CircuitState
  readonly since: Date
  /** When a call will be let through, if it is open. */
  readonly retryAt: Date | undefined
  /** The failure that opened it; undefined when it is closed. */
  readonly cause: unknown
}

export interface CircuitStats extends Health {
  /** How many calls were not made, since the breaker was made. */
  readonly rejected: number
}

/** One call that was let through. */
class Admission implements CallObserver {
  readonly #breaker: CircuitBreaker
  readonly #epoch: number
  readonly #clock = scheduler.clock
  readonly #start = this.#clock.now()

  constructor(breaker: CircuitBreaker, epoch: number) {
    this.#breaker = breaker
    this.#epoch = epoch
  }

  ended(failed: boolean, value: unknown, isLate: boolean): void {
    if (isLate) return
    const tookMs = this.#clock.now() - this.#start
    if (failed) this.#breaker.failed(this.#epoch, value, tookMs)
    else this.#breaker.count(this.#epoch, false, undefined, tookMs)
  }

  /** Whoever had no more time to wait says that it took too long; whoever was cancelled says nothing. */
  abandoned(error: unknown): void {
    if (!(error instanceof DeadlineExceededError)) {
      this.#breaker.forget(this.#epoch)
      return
    }
    try {
      this.#breaker.count(this.#epoch, true, error, this.#clock.now() - this.#start)
    } catch {} // the schedule of `openMs` threw; the next failure asks it again, and has somebody to tell
  }
}

/** Made by {@link circuitBreaker}. */
export class CircuitBreaker {
  readonly name: string | undefined
  readonly #rules: BreakerRules
  readonly #status: Watch<CircuitStatus>
  readonly #health: HealthRecord
  /** That of whoever called last: a deadline that ends a call belongs to nobody. */
  #clock = scheduler.clock
  #epoch = 0
  #lastFailure: unknown = undefined
  #rejected = 0
  /** How often it has opened since it was last closed, and since when. */
  #openings = 0
  #firstOpened = 0
  #openMs = 0
  /** On the steady clock: until when it stays open, or waits for its probes. */
  #until = 0
  #probing = 0
  #probed = 0

  /** @internal */
  constructor(options: CircuitBreakerOptions) {
    this.#rules = rulesOf(options)
    this.name = this.#rules.name
    this.#health = new HealthRecord(this.#rules)
    this.#status = watch(statusOf('closed', this.#clock.wallTime(), undefined, undefined))
  }

  get state(): CircuitState {
    return this.#status.value.state
  }

  /** What it does now. It is open until the first call after `retryAt`, which makes it half-open. */
  get status(): CircuitStatus {
    return this.#status.value
  }

  /** Follows the status, as {@link Watch.subscribe} does: the present one first, then the newest whenever it changes. */
  subscribe(): Subscription<CircuitStatus> {
    return this.#status.subscribe()
  }

  /** The calls in the window, and those that were not made. */
  stats(): CircuitStats {
    this.#clock = scheduler.clock
    return { ...this.#health.read(this.#clock.now()), rejected: this.#rejected }
  }

  /**
   * Calls `fn` in a goroutine of its own, under a context below `ctx`, if the circuit lets it through, and returns what it
   * returned. May be handed on without its breaker: `compose(breaker.run)`.
   *
   * A call that its caller gives up is no failure when `ctx` was cancelled, and one when its deadline passed.
   *
   * *Blocking*: until `fn` has ended; not at all when the circuit is open. *Cancellation*: the context of `fn` ends; this
   * call does not wait for it. *Ordering*: all that `fn` did, and the change of state it leads to, happen before it returns.
   * @throws {CircuitOpenError} when the circuit is open; what `fn` throws; {@link ContextError} when `ctx` ends first;
   * {@link PanicError} `ERR_GO_NIL` or `ERR_INVALID_ARG_TYPE` when `fn` is no function.
   */
  readonly run = <T>(fn: Callee<T>, ctx?: Cancel): Operation<T> => {
    const refusal = refusedCall(fn, ctx)
    if (refusal !== null) return refusal
    this.#clock = scheduler.clock
    if (!this.#admits()) {
      this.#rejected++
      const { cause } = this.status
      const leftMs = this.state === 'open' ? this.#until - this.#clock.now() : 0
      return fail(new CircuitOpenError(this.name, leftMs, cause === undefined ? undefined : { cause }))
    }
    return new Call(fn, ctx, { observer: new Admission(this, this.#epoch) }).run()
  }

  /**
   * Opens the circuit by hand, for `ms` milliseconds; without them until {@link close} is called.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`.
   */
  open(ms: number = Number.POSITIVE_INFINITY): void {
    requireDuration('ms', ms)
    this.#clock = scheduler.clock
    this.#open(ms, undefined)
  }

  /** Closes the circuit, and forgets the calls so far. */
  close(): void {
    this.#clock = scheduler.clock
    this.#close()
  }

  #close(): void {
    this.#openings = 0
    this.#openMs = 0
    this.#lastFailure = undefined
    this.#enter('closed', undefined, undefined)
  }

  #admits(): boolean {
    if (this.state === 'closed') return true
    const now = this.#clock.now()
    const hasRoom = this.state === 'half-open' && this.#probing + this.#probed < this.#rules.probes
    if (!hasRoom) {
      if (now < this.#until) return false
      // For as long again it waits for the probes.
      this.#until = now + this.#openMs
      this.#enter('half-open', this.status.cause, undefined)
    }
    this.#probing++
    return true
  }

  /** @internal A function has failed. */
  failed(epoch: number, error: unknown, tookMs: number): void {
    let isFailure = false
    let isOver = true
    try {
      isFailure = error !== exiting && this.#rules.isFailure(error)
      isOver = !isFailure && (error === exiting || isAbort(error))
    } finally {
      if (isOver) this.forget(epoch)
    }
    if (!isOver) this.count(epoch, isFailure, error, tookMs)
  }

  /** @internal Something came of a call, which `tookMs` milliseconds. */
  count(epoch: number, isFailure: boolean, error: unknown, tookMs: number): void {
    if (epoch !== this.#epoch) return
    if (isFailure) this.#lastFailure = error
    const isSlow = tookMs > this.#rules.slowMs
    if (this.state === 'half-open') this.#countProbe(isFailure || isSlow)
    else if (this.#health.worsens(isFailure, isSlow, this.#clock.now())) this.#trip()
  }

  /** @internal Nothing came of a call: it counts as little as if it had not been made. */
  forget(epoch: number): void {
    if (epoch === this.#epoch && this.state === 'half-open') this.#probing--
  }

  #countProbe(isFailure: boolean): void {
    this.#probing--
    this.#probed++
    if (isFailure) this.#trip()
    else if (this.#probed === this.#rules.probes) this.#close()
  }

  #trip(): void {
    const now = this.#clock.now()
    const attempt = this.#openings + 1
    const elapsedMs = attempt === 1 ? 0 : now - this.#firstOpened
    const error = this.#lastFailure
    const ms = this.#rules.open.next({ attempt, error, elapsedMs, delayMs: this.#openMs }) ?? this.#openMs
    if (attempt === 1) this.#firstOpened = now
    this.#openings = attempt
    this.#open(ms, error)
  }

  #open(ms: number, cause: unknown): void {
    this.#openMs = ms
    this.#until = this.#clock.now() + ms
    const retryAt = new Date(this.#clock.wallTime() + ms)
    this.#enter('open', cause, Number.isNaN(retryAt.getTime()) ? undefined : retryAt)
  }

  #enter(state: CircuitState, cause: unknown, retryAt: Date | undefined): void {
    this.#epoch++
    this.#probing = this.#probed = 0
    this.#health.clear()
    this.#status.set(statusOf(state, this.#clock.wallTime(), cause, retryAt))
  }
}

function statusOf(state: CircuitState, wallTime: number, cause: unknown, retryAt: Date | undefined): CircuitStatus {
  return { state, since: new Date(wallTime), retryAt, cause }
}

/**
 * Makes a circuit breaker: it stops calling what fails, and from time to time tries whether it works again.
 *
 * It opens after failures in a row, or when too large a share of the calls fails or is slow. Open, it makes no calls for
 * `openMs`; then it lets a few through, the probes. If they succeed it closes, and else it opens again. It needs no timer
 * and no goroutine of its own, and may be shared by everybody who calls the same thing.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` for a wrong option.
 * @example
 * const breaker = circuitBreaker({ consecutiveFailures: 2, openMs: 10_000 })
 * const fetchPrice = async () => {
 *   throw new Error('refused')
 * }
 * const outcomes: string[] = []
 * for (let i = 1; i <= 3; i++) {
 *   await breaker.run(fetchPrice).catch((error) => outcomes.push(error.code ?? error.message))
 * }
 * console.log(outcomes) // [ 'refused', 'refused', 'ERR_CIRCUIT_OPEN' ]
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  return new CircuitBreaker(options)
}
