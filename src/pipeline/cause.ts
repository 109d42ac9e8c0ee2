// Why a stage ends before its input does, and who is told of it how.
import type { Channel } from '../chan/chan.ts'
import { deliverClosed } from '../chan/deliver.ts'
import { scheduler } from '../runtime/runtime.ts'

export interface Cause {
  readonly error: unknown
  /** It was told to stop, by a context. Who receives sees the end, as in Go; who collects gets the error. */
  readonly isQuiet: boolean
}

/** Tells all who wait for a channel that it has ended: goroutines of the error, if there is one; inlets look for it themselves. */
export function tellEnd({ receivers, capacity }: Channel<unknown>, failure: { readonly error: unknown } | null): void {
  for (let waiter = receivers.head; waiter !== null; waiter = receivers.head) {
    if (failure === null || isInlet(waiter.tag)) deliverClosed(waiter, capacity > 0)
    else scheduler.wake(waiter, failure.error, true, capacity > 0)
  }
}

function isInlet(tag: unknown): boolean {
  return typeof tag === 'object' && tag !== null && 'received' in tag
}
