// What can be locked, and what a lock gives.
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Operation } from '../runtime/operation.ts'

/**
 * One hold of a lock, released when it is disposed: `using _ = await mu.lock()`. Disposing it again, or after the lock was
 * released by `unlock()`, does nothing: a guard never releases what somebody else holds. Only holds that are counted (of
 * readers, and of a semaphore) cannot be told apart: end each by its guard or by hand, not by both.
 */
export interface Guard extends Disposable {
  [Symbol.dispose](): void
}

/** What can be locked: a {@link Mutex}, a {@link RWMutex}, or one side of it. */
export interface Locker {
  readonly lock: (ctx?: Cancel) => Operation<Guard>
  readonly unlock: () => void
}
