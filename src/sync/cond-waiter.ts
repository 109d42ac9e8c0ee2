// A goroutine's wait on a Cond, from giving up the lock to having it again.
//
// Being killed is what makes it more than a waiter. The scheduler unwinds a generator by `return()`, which `yield*` hands
// on to what it waits for: to this. The lock is taken back first. If that must wait, `return()` yields, and the generator
// is then resumed by `next()`, as if nothing had happened: so this asks to be killed once more, and now there is nothing
// left to do but to return.
import type { CancelSource } from '../runtime/cancel-source.ts'
import type { Wait } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import type { Cond } from './cond.ts'
import { type ReacquirableLock, Reacquire, reacquire } from './reacquire.ts'

/** The value of a waiter that nobody has woken. */
const asleep: unique symbol = Symbol('asleep')
const returned: IteratorReturnResult<undefined> = { done: true, value: undefined }

export class CondWaiter extends Waiter {
  readonly #cond: Cond
  readonly #lock: ReacquirableLock
  #link: CancelLink | null = null
  #isSignalled = false
  /** Takes the lock back for a goroutine that was killed. */
  #unwinder: Waiter | null = null

  constructor(cond: Cond, lock: ReacquirableLock) {
    super(WaitReason.condWait, asleep, new Reacquire())
    this.#cond = cond
    this.#lock = lock
  }

  get back(): Reacquire {
    return this.tag as Reacquire
  }

  endWith(source: CancelSource): void {
    this.#link = new CancelLink(this, source)
    source.waiters.push(this.#link)
  }

  signal(): void {
    this.#isSignalled = true
    this.#moveOn()
  }

  cancel(error: unknown): void {
    // It was killed, and will unwind in its turn.
    if (this.done) return
    this.back.failed = true
    this.back.error = error
    this.#moveOn()
  }

  #moveOn(): void {
    this.queue!.remove(this)
    this.#unlinkCancel()
    this.#lock[reacquire](this)
  }

  #unlinkCancel(): void {
    if (this.#link !== null) this.#link.leave()
    this.#link = null
  }

  override next(): this {
    if (this.#unwinder === null) return super.next()
    const goroutine = scheduler.current as { killPending: boolean }
    goroutine.killPending = true
    scheduler.killsPending++
    return new Waiter(WaitReason.condWait, undefined, undefined) as this
  }

  return(): IteratorResult<Wait, undefined> {
    const isKilled = this.done && this.value === asleep
    if (!isKilled) return returned
    if (this.#unwinder === null) {
      this.#unlinkCancel()
      if (this.#isSignalled) this.#cond.signal()
      const back = new Reacquire()
      back.hold = this.back.hold
      this.#unwinder = new Waiter(WaitReason.condWait, undefined, back)
      this.#lock[reacquire](this.#unwinder)
    }
    return this.#unwinder.done ? returned : (this.#unwinder as unknown as IteratorYieldResult<Wait>)
  }
}

/**
 * Hears of the end of a context, in the step in which it ends. It is no sibling of the CondWaiter, which must not be woken
 * then, but move on. The scheduler takes a waiter that has siblings out of its queues by `unlink`, before anything else:
 * that is where this one listens, as its own sibling.
 */
class CancelLink extends Waiter {
  readonly #waiter: CondWaiter
  readonly #source: CancelSource

  constructor(waiter: CondWaiter, source: CancelSource) {
    super(WaitReason.condWait, undefined, undefined)
    this.#waiter = waiter
    this.#source = source
    this.sibling = this
  }

  override unlink(): void {
    this.leave()
    this.#waiter.cancel(this.#source.error)
  }

  leave(): void {
    if (this.queue !== null) this.queue.remove(this)
  }
}
