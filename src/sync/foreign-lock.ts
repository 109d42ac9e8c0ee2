// A Locker that is not ours, under a Cond: it is locked again by a goroutine of its own, on behalf of the one that waits.
import { launch } from '../runtime/go.ts'
import type { Wait } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { currentSite } from '../runtime/site.ts'
import { wait } from '../runtime/wait.ts'
import type { Waiter } from '../runtime/waiter.ts'
import type { Locker } from './locker.ts'
import { type ReacquirableLock, type Reacquire, reacquire, release } from './reacquire.ts'

export class ForeignLock implements ReacquirableLock {
  readonly #locker: Locker

  constructor(locker: Locker) {
    this.#locker = locker
  }

  /** @internal */
  [release](): number {
    this.#locker.unlock()
    return 0
  }

  /** @internal */
  [reacquire](waiter: Waiter): void {
    // On behalf of who waits, in whose bubble it is: a deadline that ends the wait is nobody's.
    const record = scheduler.newRecord(waiter.record ?? scheduler.currentRecord())
    record.name = lockFor.name
    if (scheduler.recordsSites) record.createdAt = currentSite()
    launch(record, waiter.record ?? undefined, lockFor, [this.#locker, waiter])
  }
}

function* lockFor(locker: Locker, waiter: Waiter): Generator<Wait, void, unknown> {
  try {
    const operation = locker.lock()
    yield* Symbol.iterator in operation ? operation : wait(operation as PromiseLike<unknown>)
  } catch (error) {
    if (!waiter.done) scheduler.wake(waiter, error, true)
    return
  }
  const back = waiter.tag as Reacquire
  // Killed in the meantime: another goroutine locks for what it does now.
  if (waiter.done) locker.unlock()
  else scheduler.wake(waiter, back.error, back.failed)
}
