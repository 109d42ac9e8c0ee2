// A goroutine: the part that runs. Its record (goroutine-record.ts) is what the runtime remembers of it; this object is
// held by whatever will resume it (a wait queue through its waiter, the run queue) and by whoever kept the handle.
//
// States: not started -> running -> (parked -> runnable -> running)* -> ended. `#body` is set until it starts, `#outcome`
// once it has ended; parked it is while the record's reason says so. A killed goroutine goes on running, in its `finally` blocks.
import { invalidType } from '../errors/argument.ts'
import { ContextError } from '../errors/context-error.ts'
import { KilledError } from '../errors/goroutine-error.ts'
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSourceOf, parkUnder } from './cancel-source.ts'
import { type GoroutineKind, GoroutineRecord } from './goroutine-record.ts'
import type { RunInContext } from './host.ts'
import {
  fail,
  isInterrupted,
  neverEnding,
  type Operation,
  settle,
  tookEffect,
  type Wait,
  yieldsTurn,
} from './operation.ts'
import { reportPanic } from './panic.ts'
import { mainState } from './program-end.ts'
import { scheduler } from './runtime.ts'
import { currentSite } from './site.ts'
import { WaitQueue } from './wait-queue.ts'
import { isParked, WaitReason } from './wait-reason.ts'
import { awaitedResource, Waiter, WaiterProbe } from './waiter.ts'

/** What a goroutine's function returns: a promise (`async`), a generator (`function*`), or just a value. */
export type GoroutineBody<R> = Generator<Wait, R, unknown> | PromiseLike<R> | R

/** Thrown by `goexit`; a catch-all must rethrow it. */
const exiting: unique symbol = Symbol('goexit')

/** How a generator goes on other than by `next()`: by `throw(error)`, or without an error by `return()`. */
interface Detour {
  readonly error: PanicError | undefined
}

const unwinding: Detour = { error: undefined }

interface Outcome {
  readonly failed: boolean
  readonly value: unknown
}

const stepContext = (goroutine: Goroutine<unknown>): void => goroutine.resumeHere()

export class Goroutine<R = unknown> {
  /** @internal */
  readonly record: GoroutineRecord
  /** @internal */
  killPending = false
  #body: ((...args: never[]) => unknown) | null
  #args: readonly unknown[] | null
  #generator: Generator<Wait, unknown, unknown> | null = null
  #joiners: WaitQueue | null = null
  #outcome: Outcome | null = null
  #killed: KilledError | null = null
  #detour: Detour | null = null
  #wasJoined = false
  readonly #context: RunInContext | null

  /** @internal */
  constructor(record: GoroutineRecord, body: (...args: never[]) => unknown, args: readonly unknown[]) {
    this.record = record
    this.#body = body
    this.#args = args
    // With sites on, identity must hold in the async helpers of a generator goroutine too.
    const identity = scheduler.recordsSites ? scheduler.identity : null
    this.#context = identity === null ? scheduler.host.captureContext() : identity.capture(record)
  }

  get id(): number {
    return this.record.id
  }

  get name(): string {
    return this.record.name
  }

  /** @internal */
  get hasEnded(): boolean {
    return this.#outcome !== null
  }

  /**
   * Waits for the goroutine to end and returns what its body returned.
   *
   * *Blocking*: until it ends. *Cancellation*: nothing is lost; it can be joined again. *Ordering*: everything the body
   * did happens before `join` returns. An awaited `join` adopts a thenable result, as JavaScript does.
   * @throws what the body threw; {@link KilledError} when it was killed; the context's error when `ctx` ended first.
   */
  join(ctx?: Cancel): Operation<R> {
    if (isInterrupted()) return neverEnding(WaitReason.join)
    const source = ctx === undefined ? null : cancelSourceOf(ctx)
    if (source !== null && source.error !== undefined) return fail(source.error)
    this.#wasJoined = true
    if (this.#outcome !== null) {
      return this.#outcome.failed ? fail(this.#outcome.value) : settle(this.#outcome.value as R)
    }
    this.#joiners ??= new WaitQueue()
    const waiter = new Waiter(WaitReason.join, undefined, undefined)
    this.#joiners.push(waiter)
    return parkUnder(waiter, source)
  }

  /**
   * Ends a generator goroutine: `generator.return()`, so its `finally` blocks run, and may wait. One that has not started
   * never starts; one that runs is ended at its next operation; a wait that was already claimed is delivered first.
   * `join` then throws {@link KilledError} with `reason` as its cause. Killing an ended goroutine does nothing.
   * @throws {PanicError} `ERR_INVALID_OPERATION` for an async or plain body: cancel its context instead.
   */
  kill(reason?: unknown): void {
    if (this.#outcome !== null || this.#killed !== null) return
    if (this.#body === null && this.#generator === null) {
      throw new PanicError('ERR_INVALID_OPERATION', {
        message: `goroutine ${this.id} is not a generator and cannot be killed: cancel its context instead`,
      })
    }
    this.#killed = new KilledError(`goroutine ${this.id} was killed`, { cause: reason })
    if (this.#body !== null) {
      this.#body = null
      return
    }
    if (!isParked(this.record.reason)) {
      this.killPending = true
      scheduler.killsPending++
      return
    }
    abandon(findWaiter(this.#generator!))
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
    try {
      if (isGeneratorFunction(body)) result = body(...args)
      else
        result = scheduler.identity === null ? body(...args) : scheduler.identity.run(this.record, () => body(...args))
    } catch (error) {
      scheduler.starting = null
      this.#fail(error)
      return
    }
    scheduler.starting = null
    if (isGeneratorFunction(body)) this.#becomeGenerator(result as Generator<Wait, unknown, unknown>)
    else this.#adopt(result)
  }

  #adopt(result: unknown): void {
    if (typeof result !== 'object' || result === null) {
      this.#end(false, result)
    } else if (isGenerator(result)) {
      this.#becomeGenerator(result)
    } else if ('then' in result && typeof result.then === 'function') {
      this.#becomeAsync(result as PromiseLike<unknown>)
    } else if ((result as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'AsyncGenerator') {
      this.#fail(invalidType('the body of a goroutine', 'async, a generator or a plain function', result))
    } else {
      this.#end(false, result)
    }
  }

  #becomeGenerator(generator: Generator<Wait, unknown, unknown>): void {
    this.#generator = generator
    this.#advance(generator)
    if (scheduler.live !== null && this.#outcome === null) scheduler.live.add(this)
  }

  #becomeAsync(promise: PromiseLike<unknown>): void {
    this.#setKind('async')
    if (scheduler.identity === null) this.record.reason = WaitReason.unknown
    // A foreign thenable may throw here, or settle twice: as a native promise it does neither.
    Promise.resolve(promise).then(
      (value) => this.#end(false, value),
      (error: unknown) => this.#fail(error),
    )
  }

  #setKind(kind: GoroutineKind): void {
    if (this.record.kind !== 'main') this.record.kind = kind
  }

  #advance(generator: Generator<Wait, unknown, unknown>): void {
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
    else this.#bind(result as unknown as Waiter, generator)
  }

  #leave(generator: Generator<Wait, unknown, unknown>, detour: Detour): IteratorResult<Wait, unknown> {
    this.#detour = null
    return detour.error === undefined ? generator.return(undefined) : generator.throw(detour.error)
  }

  /** Parks on what the generator yielded: `yield*` of an operation hands over the waiter itself. */
  #bind(waiter: Waiter, generator: Generator<Wait, unknown, unknown>): void {
    if (this.killPending && waiter.tag !== tookEffect) {
      this.killPending = false
      scheduler.killsPending--
      if (waiter.root !== undefined && waiter.tag !== yieldsTurn) abandon(waiter)
      this.#detour = unwinding
      this.#advance(generator)
      return
    }
    if (waiter.root === undefined || waiter.target !== null) {
      this.#reject(generator, waiter.root === undefined)
      return
    }
    if (waiter.tag === yieldsTurn) {
      this.record.reason = WaitReason.runnable
      scheduler.ready(this)
      return
    }
    const record = this.record
    waiter.target = this
    waiter.record = record
    record.reason = waiter.reason
    record.waitsFor = awaitedResource(waiter)
    record.since = scheduler.turnTime
    if (scheduler.hooks !== null) scheduler.hooks.park(record, waiter.reason)
  }

  /** Throws into a generator that yielded something nobody can wait for. */
  #reject(generator: Generator<Wait, unknown, unknown>, isForeign: boolean): void {
    const message = isForeign
      ? 'a generator goroutine must use yield* (not yield) with an operation'
      : 'an operation that is already awaited cannot be waited for again'
    this.#detour = { error: new PanicError('ERR_INVALID_OPERATION', { message }) }
    this.#advance(generator)
  }

  #fail(error: unknown): void {
    if (error !== exiting) {
      this.#end(true, error)
      return
    }
    if (this.record === mainState.record) mainState.hasExited = true
    this.#end(false, undefined)
  }

  #end(bodyFailed: boolean, bodyValue: unknown): void {
    const failed = bodyFailed || this.#killed !== null
    const value = this.#killed ?? bodyValue
    this.#outcome = { failed, value }
    this.#generator = null
    if (this.killPending) {
      this.killPending = false
      scheduler.killsPending--
    }
    this.record.reason = WaitReason.dead
    scheduler.table.remove(this.record)
    if (scheduler.hooks !== null) scheduler.hooks.end(this.record, failed ? value : undefined)
    const joiners = this.#joiners
    if (joiners !== null) {
      for (let waiter = joiners.head; waiter !== null; waiter = joiners.head) scheduler.wake(waiter, value, failed)
    }
    if (failed && !(value instanceof ContextError) && !(value instanceof KilledError)) this.#panicUnlessJoined(value)
  }

  #panicUnlessJoined(error: unknown): void {
    if (this.#wasJoined || this.record.id <= mainState.abandonedUpTo) return
    scheduler.host.macrotask(() => {
      if (!this.#wasJoined) reportPanic(this.record, error)
    })
  }
}

/**
 * The waiter at which a parked generator stands. A goroutine does not keep it: storing each in an old object costs more
 * than asking, and only `kill` asks.
 */
function findWaiter(generator: Generator<Wait, unknown, unknown>): Waiter {
  const probe = new WaiterProbe()
  generator.throw(probe)
  return probe.waiter!
}

/** Takes a waiter out of everything: whatever would have completed it finds it ended. */
function abandon(waiter: Waiter): void {
  waiter.root.unlink()
  waiter.root.done = true
}

// Each closure of a generator function has a prototype of its own, so that a look-up on a generator misses every cache
// when goroutines are started from closures. The function is asked instead, and `next` is taken from where it stands.
const generatorFunctionPrototype: object = Object.getPrototypeOf(function* () {})
const generatorNext: (this: Generator<Wait, unknown, unknown>) => IteratorResult<Wait, unknown> = (
  generatorFunctionPrototype as { prototype: Generator<Wait, unknown, unknown> }
).prototype.next

function isGeneratorFunction(fn: (...args: never[]) => unknown): boolean {
  return Object.getPrototypeOf(fn) === generatorFunctionPrototype
}

function isGenerator(value: object): value is Generator<Wait, unknown, unknown> {
  return (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'Generator'
}

/**
 * Starts `fn(...args)` as a goroutine and returns its handle. `fn` may be async, a generator function, or plain.
 *
 * It never runs any of `fn` synchronously: goroutines start in the order of their `go` calls, after the caller has let
 * go of the thread. An error that the body throws ends the program as a panic, unless somebody has called `join` by one
 * macrotask after it (the error of an ended context, and `kill`, are not panics). The handle keeps a generator goroutine
 * from being garbage, since it can be killed through it.
 * @throws {PanicError} `ERR_GO_NIL` when `fn` is null or undefined, `ERR_INVALID_ARG_TYPE` when it is not a function.
 * @example
 * const sum = go((a: number, b: number) => a + b, 1, 2)
 * console.log(await sum.join()) // 3
 */
export function go<A extends unknown[], R>(fn: (...args: A) => GoroutineBody<R>, ...args: A): Goroutine<R> {
  if (fn === null || fn === undefined) throw new PanicError('ERR_GO_NIL')
  if (typeof fn !== 'function') throw invalidType('the body of a goroutine', 'a function', fn)
  if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
  const parent = scheduler.currentRecord()
  const record = new GoroutineRecord(scheduler.nextId(), parent === undefined ? 1 : parent.id)
  record.name = fn.name
  if (scheduler.recordsSites) record.createdAt = currentSite()
  return launch(record, parent, fn, args)
}

/** Queues a new goroutine under an existing record. */
export function launch<A extends unknown[], R>(
  record: GoroutineRecord,
  parent: GoroutineRecord | undefined,
  body: (...args: A) => GoroutineBody<R>,
  args: A,
): Goroutine<R> {
  const goroutine = new Goroutine<R>(record, body as (...args: never[]) => unknown, args)
  scheduler.table.add(record)
  if (scheduler.hooks !== null) scheduler.hooks.go(record, parent)
  scheduler.ready(goroutine)
  return goroutine
}

/**
 * Ends the calling goroutine, running its `finally` blocks; its `join` returns undefined. It throws a sentinel: a
 * catch-all must rethrow what it does not know.
 */
export function goexit(): never {
  throw exiting
}
