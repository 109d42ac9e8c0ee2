// The channel of what a worker sends. It ends as the worker does: who reads gets its error after the last value, as from a
// stage of a pipeline.
import { Channel } from '../chan/chan.ts'
import { PanicError } from '../errors/panic-error.ts'
import { tellEnd } from '../pipeline/cause.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'

/** Notes that somebody has waited for a value. */
class Readers implements QueueObserver {
  wereThere = false

  entered(): void {
    this.wereThere = true
  }

  left(): void {}
}

export class Results<T> extends Channel<T> {
  readonly #readers: Readers
  #failure: { readonly error: unknown } | null = null

  constructor() {
    const readers = new Readers()
    super(0, 'block', readers)
    this.#readers = readers
  }

  override get failure(): { readonly error: unknown } | null {
    return this.#failure
  }

  /** Whether somebody has read from it, and so will be told of a failure. */
  get hasReader(): boolean {
    return this.#readers.wereThere
  }

  override take(): T {
    this.#readers.wereThere = true
    return super.take()
  }

  /** Closes it: with the error of the worker, if it failed. */
  end(failure: { readonly error: unknown } | null): void {
    if (this.closed) return
    if (failure === null) {
      this.close()
      return
    }
    this.closed = true
    this.#failure = failure
    tellEnd(this, failure)
    for (let waiter = this.senders.head; waiter !== null; waiter = this.senders.head) {
      const { value } = waiter
      scheduler.wake(waiter, new PanicError('ERR_SEND_CLOSED', { value }), true)
    }
  }
}
