// Giving way to the other goroutines.
import type { GoroutineRecord } from './goroutine-record.ts'
import { isInterrupted, neverEnding, type Operation, park, yieldsTurn } from './operation.ts'
import { LateOperation } from './promise.ts'
import { scheduler } from './runtime.ts'
import { KeptTurn } from './turns.ts'
import { WaitReason } from './wait-reason.ts'
import { isWaiterProbe, type Resumable, Waiter } from './waiter.ts'

/** Stands in the run queue for an awaiting caller, and wakes it when its turn comes. */
class Turn implements Resumable {
  readonly #waiter: Waiter

  constructor(waiter: Waiter) {
    this.#waiter = waiter
  }

  get record(): GoroutineRecord | null {
    return this.#waiter.record
  }

  resume(): void {
    scheduler.wake(this.#waiter, undefined, false)
  }
}

function awaitTurn(): Operation<void> {
  const waiter = new Waiter(WaitReason.runnable, undefined, yieldsTurn)
  const operation = park<void>(waiter)
  const world = scheduler.world()
  if (world === null) scheduler.ready(new Turn(waiter))
  else world.ready(new KeptTurn(waiter.record!, waiter), true)
  return operation
}

const turnTaken = Object.freeze({ done: true, value: undefined })

/**
 * The operation of all generator goroutines that give way: it holds nothing, so one object serves them all. Each `yield*`
 * asks for its iterator and for the first `next` in one step; a `next` without that is the goroutine being resumed.
 */
class TurnOperation extends LateOperation {
  #isFresh = false
  readonly done = false
  readonly value = undefined
  readonly root = null
  readonly target = null
  readonly tag: typeof yieldsTurn = yieldsTurn;

  [Symbol.iterator](): this {
    this.#isFresh = true
    return this
  }

  next(): this | typeof turnTaken {
    if (!this.#isFresh) return turnTaken
    this.#isFresh = false
    return this
  }

  throw(error: unknown): this {
    if (!isWaiterProbe(error)) throw error
    return this
  }

  // Not a promise that can be kept: each use is a turn of its own.
  // biome-ignore lint/suspicious/noThenProperty: an operation is awaitable by contract
  override then<A, B>(fulfilled?: ((value: never) => A) | null, rejected?: ((reason: unknown) => B) | null) {
    return this.toPromise().then(fulfilled as (value: unknown) => A, rejected)
  }

  protected override toPromise(): Promise<unknown> {
    return new Promise((resolve) => {
      const waiter = new Waiter(WaitReason.runnable, undefined, yieldsTurn)
      waiter.target = resolve
      waiter.record = scheduler.world() === null ? null : scheduler.currentRecord()!
      if (waiter.record === null) scheduler.unownedWaits[WaitReason.runnable]!++
      scheduler.ready(waiter.record === null ? new Turn(waiter) : new KeptTurn(waiter.record, waiter), true)
    })
  }
}

const turnOperation = new TurnOperation()

/**
 * Lets all goroutines that are ready now run before the caller goes on.
 *
 * *Blocking*: until the run queue comes round to the caller. It is no way to wait for anything else.
 */
export function gosched(): Operation<void> {
  if (isInterrupted()) return neverEnding(WaitReason.runnable)
  return scheduler.current === null ? awaitTurn() : (turnOperation as unknown as Operation<void>)
}
