// The sides of a RWMutex that its users hold: the guards of writers and readers, and the readers' Locker.
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { Operation } from '../runtime/operation.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'
import type { Waiter } from '../runtime/waiter.ts'
import type { Guard, Locker } from './locker.ts'
import { reacquire, release } from './reacquire.ts'
import type { RWMutex } from './rw-mutex.ts'

export class WriteGuard implements Guard {
  readonly #lock: RWMutex
  readonly #hold: number

  constructor(lock: RWMutex, hold: number) {
    this.#lock = lock
    this.#hold = hold
  }

  [Symbol.dispose](): void {
    if (this.#lock.isHeldBy(this.#hold)) this.#lock.unlock()
  }
}

export class ReadGuard implements Guard {
  readonly #lock: RWMutex
  readonly #epoch: number
  readonly #record: GoroutineRecord | null
  #isDisposed = false

  constructor(lock: RWMutex, epoch: number, record: GoroutineRecord | null) {
    this.#lock = lock
    this.#epoch = epoch
    this.#record = record
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#lock.endGuardedRead(this.#epoch, this.#record)
  }
}

/** The readers' side of a lock. */
export class RLocker implements Locker {
  readonly #lock: RWMutex

  constructor(lock: RWMutex) {
    this.#lock = lock
  }

  lock(ctx?: Cancel): Operation<Guard> {
    return this.#lock.rLock(ctx)
  }

  unlock(): void {
    this.#lock.rUnlock()
  }

  /** @internal */
  [release](): number {
    this.#lock.suspendRead()
    return 0
  }

  /** @internal */
  [reacquire](waiter: Waiter): void {
    this.#lock.resumeRead(waiter)
  }
}

/** Tells the lock that a writer has stopped waiting. */
export class WriterWatch implements QueueObserver {
  readonly #lock: RWMutex

  constructor(lock: RWMutex) {
    this.#lock = lock
  }

  entered(): void {}

  left(): void {
    this.#lock.writerLeft()
  }
}
