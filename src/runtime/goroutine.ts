// A goroutine: the part that runs. Its record (goroutine-record.ts) is what the runtime remembers of it; this object is
// held by whatever will resume it (a wait queue through its waiter, the run queue) and by whoever kept the handle.
//
// States: not started -> running -> (parked -> runnable -> running)* -> ended. `#body` is set until it starts, then
// `#generator` of one that has one. A killed goroutine goes on running, in its `finally` blocks.
import { ContextError } from '../errors/context-error.ts'
import { KilledError } from '../errors/goroutine-error.ts'
import { PanicError } from '../errors/panic-error.ts'
import {
  type Body,
  findWaiter,
  generatorNext,
  isGeneratorFunction,
  kindOfResult,
  type ResultKind,
} from './generators.ts'
import { exiting } from './goexit.ts'
import type { GoroutineKind, GoroutineRecord } from './goroutine-record.ts'
import type { RunInContext } from './host.ts'
import { JoinPoint } from './join-point.ts'
import { isKeptBack } from './kept-back.ts'
import { type Wait, yieldsTurn } from './operation.ts'
import { mainStateOf } from './program-end.ts'
import { scheduler } from './runtime.ts'
import { WaitReason } from './wait-reason.ts'
import { awaitedResource, type Waiter } from './waiter.ts'

/** What a goroutine's function returns: a promise (`async`), a generator (`function*`), or just a value. */
export type GoroutineBody<R> = Generator<Wait, R, unknown> | PromiseLike<R> | R

/** How a generator goes on other than by `next()`: by `throw(error)`, or without an error by `return()`. */
interface Detour {
  readonly error: PanicError | undefined
}

const unwinding: Detour = { error: undefined }

const stepContext = (goroutine: Goroutine<unknown>): void => goroutine.resumeHere()

export class Goroutine<R = unknown> extends JoinPoint<R> {
  /** @internal */
  killPending = false
  #body: ((...args: never[]) => unknown) | null
  #args: readonly unknown[] | null
  #generator: Body | null = null
  #killed: KilledError | null = null
  #detour: Detour | null = null
  readonly #context: RunInContext | null

  /** @internal */
  constructor(record: GoroutineRecord, body: (...args: never[]) => unknown, args: readonly unknown[]) {
    super(record)
    this.#body = body
    this.#args = args
    // With sites on, identity must hold in the async helpers of a generator goroutine too.
    const identity = scheduler.recordsSites || record.world !== null ? scheduler.identity : null
    this.#context = identity === null ? scheduler.host.captureContext() : identity.capture(record)
  }

  /**
   * Ends a generator goroutine: `generator.return()`, so its `finally` blocks run, and may wait. One that has not started
   * never starts; one that runs is ended at its next operation; a wait that was already claimed is delivered first.
   * `join` then throws {@link KilledError} with `reason` as its cause, unless a `finally` threw an error of its own. Killing an
   * ended goroutine does nothing. In a generator that is delegated to (`yield* helper()`), a `finally` must not wait: JavaScript
   * then forgets that the outer one was to return, and it goes on after the `yield*`.
   * @throws {PanicError} `ERR_INVALID_OPERATION` for an async or plain body: cancel its context instead.
   */
  kill(reason?: unknown): void {
    if (this.hasEnded || this.#killed !== null) return
    if (this.#body === null ? this.#generator === null : !isGeneratorFunction(this.#body)) {
      throw new PanicError('ERR_INVALID_OPERATION', {
        message: `goroutine ${this.id} is not a generator and cannot be killed: cancel its context instead`,
      })
    }
    this.killUnsafe(reason)
  }

  /** @internal As `kill`, but a body of any kind that has not started never starts. */
  killUnsafe(reason: unknown): void {
    if (this.hasEnded || this.#killed !== null) return
    this.#killed = new KilledError(`goroutine ${this.id} was killed`, { cause: reason })
    if (this.#body !== null) {
      this.#body = null
      return
    }
    if (scheduler.current === this) this.#killAtNextOperation()
    else this.#killSuspended(this.#generator!)
  }

  #killAtNextOperation(): void {
    this.killPending = true
    this.#countKill(1)
  }

  #countKill(change: number): void {
    scheduler.killsPending += change
    const { world } = this.record
    if (world !== null) world.killsPending += change
  }

  #killSuspended(generator: Body): void {
    const caller = scheduler.current
    let waiter: Waiter | null
    scheduler.current = this
    try {
      waiter = findWaiter(generator)
    } catch {
      // It stood at a foreign iterator that hands on no `throw`: the generator has ended of it.
      this.#end(false, undefined)
      return
    } finally {
      scheduler.current = caller
    }
    if (waiter === null || waiter.done || isKeptBack(waiter.tag)) {
      this.#killAtNextOperation()
      return
    }
    abandon(waiter)
    this.record.reason = WaitReason.runnable
    this.record.waitsFor = null
    if (scheduler.hooks !== null) scheduler.hooks.ready(this.record, scheduler.currentRecord())
    this.#detour = unwinding
    scheduler.ready(this)
  }

  /** @internal The scheduler's turn. */
  resume(): void {
    if (this.#context === null) this.resumeHere()
    else this.#context(stepContext, this)
  }

  /** @internal */
  resumeHere(): void {
    this.record.reason = WaitReason.running
    if (scheduler.hooks?.resume !== undefined) scheduler.hooks.resume(this.record)
    if (this.#generator !== null) this.#advance(this.#generator)
    else if (this.#body === null) this.#end(true, this.#killed)
    else this.#start(this.#body)
  }

  #start(body: (...args: never[]) => unknown): void {
    const args = this.#args as never[]
    this.#body = null
    this.#args = null
    if (scheduler.hooks !== null) scheduler.hooks.start(this.record)
    scheduler.starting = this.record
    let result: unknown
    let kind: ResultKind = 'generator'
    try {
      if (isGeneratorFunction(body)) {
        result = body(...args)
      } else {
        result = scheduler.identity === null ? body(...args) : scheduler.identity.run(this.record, () => body(...args))
        kind = kindOfResult(result)
      }
    } catch (error) {
      scheduler.starting = null
      this.#fail(error)
      return
    }
    scheduler.starting = null
    if (kind === 'generator') this.#becomeGenerator(result as Body)
    else if (kind === 'promise') this.#becomeAsync(result as PromiseLike<unknown>)
    else this.#end(false, result)
  }

  #becomeGenerator(generator: Body): void {
    this.#generator = generator
    if (scheduler.leaks !== null) scheduler.leaks.track(generator, this.record)
    this.#advance(generator)
    const { live } = scheduler
    if (live !== null && !this.hasEnded) live.add(this)
  }

  #becomeAsync(promise: PromiseLike<unknown>): void {
    this.#setKind('async')
    if (scheduler.identity === null) this.record.reason = WaitReason.unknown
    const fulfilled = (value: unknown): void => this.#end(false, value)
    // Nothing but the promise holds that function, and nothing but the frame that will settle it needs to hold the promise.
    if (scheduler.leaks !== null) scheduler.leaks.track(fulfilled, this.record)
    // A foreign thenable may throw here, or settle twice: as a native promise it does neither.
    const body = Promise.resolve(promise)
    const failed = (error: unknown): void => this.#fail(error)
    const isWatched = scheduler.recordsSites || scheduler.hooks?.locks !== undefined
    if (isWatched) void warrenGoroutineRoot(body, fulfilled, failed)
    else body.then(fulfilled, failed)
  }

  #setKind(kind: GoroutineKind): void {
    if (this.record.kind !== 'main') this.record.kind = kind
  }

  #advance(generator: Body): void {
    scheduler.current = this
    let result: IteratorResult<Wait, unknown>
    try {
      result = this.#detour === null ? generatorNext.call(generator) : this.#leave(generator, this.#detour)
    } catch (error) {
      scheduler.current = null
      this.#fail(error)
      return
    }
    scheduler.current = null
    if (result.done === true) this.#end(false, result.value)
    else this.#bind(result as unknown as Waiter)
  }

  #leave(generator: Body, detour: Detour): IteratorResult<Wait, unknown> {
    this.#detour = null
    return detour.error === undefined ? generator.return(undefined) : generator.throw(detour.error)
  }

  /** Parks on what the generator yielded: `yield*` of an operation hands over the waiter itself. */
  #bind(waiter: Waiter): void {
    if (this.killPending && !isKeptBack(waiter.tag)) {
      this.killPending = false
      this.#countKill(-1)
      // Not what somebody else waits for.
      if (waiter.root !== undefined && waiter.tag !== yieldsTurn && waiter.target === null) abandon(waiter)
      this.#turnOff(unwinding)
      return
    }
    if (waiter.root === undefined || waiter.target !== null) {
      this.#reject(waiter.root === undefined)
      return
    }
    if (waiter.tag === yieldsTurn) {
      this.record.reason = WaitReason.runnable
      if (scheduler.hooks !== null) scheduler.hooks.giveWay?.(this.record)
      scheduler.ready(this, true)
      return
    }
    const record = this.record
    waiter.target = this
    waiter.record = record
    record.reason = waiter.reason
    record.waitsFor = awaitedResource(waiter)
    record.since = scheduler.timeOf(record)
    if (scheduler.hooks !== null) scheduler.hooks.park(record, waiter.reason, waiter.sibling !== null)
  }

  /** Throws into a generator that yielded something nobody can wait for. */
  #reject(isForeign: boolean): void {
    const message = isForeign
      ? 'a generator goroutine must use yield* (not yield) with an operation'
      : 'an operation that is already awaited cannot be waited for again'
    this.#turnOff({ error: new PanicError('ERR_INVALID_OPERATION', { message }) })
  }

  /** Goes on by a detour, in a turn of its own: a body that catches it and errs again must not pile up calls. */
  #turnOff(detour: Detour): void {
    this.#detour = detour
    this.record.reason = WaitReason.runnable
    scheduler.ready(this)
  }

  #fail(error: unknown): void {
    if (error !== exiting) {
      this.#end(true, error)
      return
    }
    const main = mainStateOf(this.record.world)
    if (this.record === main.record) main.hasExited = true
    this.#end(false, undefined)
  }

  #end(bodyFailed: boolean, bodyValue: unknown): void {
    // An error of its own, in a `finally` say, is not lost to the kill.
    const ownError = bodyFailed && !(bodyValue instanceof ContextError)
    const failed = bodyFailed || this.#killed !== null
    const value = ownError ? bodyValue : (this.#killed ?? bodyValue)
    this.#generator = null
    if (this.killPending) {
      this.killPending = false
      this.#countKill(-1)
    }
    this.record.reason = WaitReason.dead
    const { world } = this.record
    scheduler.tableOf(world).remove(this.record)
    if (world !== null) world.ended(this.record, failed, value)
    if (scheduler.hooks !== null) scheduler.hooks.end(this.record, failed ? value : undefined)
    this.conclude(failed, value)
  }
}

/** Takes a waiter out of everything: whatever would have completed it finds it ended. */
function abandon(waiter: Waiter): void {
  waiter.root.unlink()
  waiter.root.done = true
}

/** The stack of whatever the body awaits ends here, and of nothing else: calls.ts knows it by its name. */
async function warrenGoroutineRoot(
  body: Promise<unknown>,
  fulfilled: (value: unknown) => void,
  failed: (error: unknown) => void,
): Promise<void> {
  await body.then(fulfilled, failed)
}
