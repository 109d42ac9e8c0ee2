// One receiver of a broadcast: a channel of its own, which tells the broadcast when it has made room.
import { Channel, type Overflow } from './chan.ts'
import type { ReceiveChan } from './types.ts'

/** What a subscriber receives from: a channel that it can leave. `using` leaves at the end of the scope. */
export interface Subscription<out T> extends ReceiveChan<T>, Disposable {
  /** How many values this subscriber has lost by being slow. */
  readonly missed: number
  /** Leaves: nothing more arrives; what is buffered can still be received. Safe to repeat. */
  unsubscribe(): void
}

/** What a subscription needs of its broadcast. */
export interface Publisher<T> {
  madeRoom(): void
  left(subscription: SubscriptionChannel<T>): void
}

export class SubscriptionChannel<T> extends Channel<T> implements Subscription<T> {
  missed = 0
  readonly #publisher: Publisher<T>

  constructor(capacity: number, overflow: Overflow, publisher: Publisher<T>) {
    super(capacity, overflow)
    this.#publisher = publisher
  }

  unsubscribe(): void {
    if (this.closed) return
    this.close()
    this.#publisher.left(this)
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }

  /** Takes the value in, or loses one by the policy and counts that. */
  publish(value: T): void {
    if (this.isFull()) this.missed++
    this.put(value)
  }

  override take(): T {
    const value = super.take()
    this.#publisher.madeRoom()
    return value
  }

  override takeMany(max: number): T[] {
    const values = super.takeMany(max)
    this.#publisher.madeRoom()
    return values
  }
}
