// The latest value, for many: who looks now and then reads it, who wants to know of changes subscribes. After tokio's
// sync::watch. A slow subscriber sees the newest value and not all that came between.
import { requireFunction } from '../errors/argument.ts'
import { Broadcast } from './broadcast.ts'
import type { Subscription, SubscriptionChannel } from './subscription.ts'

/** A value that changes, and those who follow it. */
export class Watch<in out T> {
  #value: T
  readonly #changes = new Broadcast<T>(1, 'drop-oldest')

  /** @internal */
  constructor(initial: T) {
    this.#value = initial
  }

  /** The latest value. */
  get value(): T {
    return this.#value
  }

  /** How many follow it. */
  get subscribers(): number {
    return this.#changes.subscribers
  }

  /**
   * Changes the value, and tells everybody. Never waits: a subscriber that has not taken the last value loses that one.
   * @throws {PanicError} `ERR_SEND_CLOSED` when it is closed.
   */
  set(value: T): void {
    this.#changes.trySend(value)
    this.#value = value
  }

  /** Sets the value to `change(value)`. */
  update(change: (value: T) => T): void {
    requireFunction('change', change)
    this.set(change(this.#value))
  }

  /** Follows the value: the first receive gives the present one, each later one the newest since, when there is one. */
  subscribe(): Subscription<T> {
    const subscription = this.#changes.subscribe() as SubscriptionChannel<T>
    if (!subscription.closed) subscription.publish(this.#value)
    return subscription
  }

  /**
   * Says that the value will not change any more. Subscribers can still receive what they have not seen.
   * @throws {PanicError} `ERR_CLOSE_CLOSED` when it is closed already.
   */
  close(): void {
    this.#changes.close()
  }
}

/**
 * Makes a value to watch.
 * @example
 * const level = watch('info')
 * using changes = level.subscribe()
 * console.log(await changes.receive()) // info
 * level.set('warn')
 * level.set('error')
 * console.log(await changes.receive(), level.value) // error error
 */
export function watch<T>(initial: T): Watch<T> {
  return new Watch(initial)
}
