// Why a stage ends before its input does, and who is told of it how.
import type { Channel } from '../chan/chan.ts'
import { deliverClosed } from '../chan/deliver.ts'
import { canceledError } from '../context/end-error.ts'
import type { CancelableContext } from '../context/types.ts'
import type { ContextError } from '../errors/context-error.ts'
import { cancelSource } from '../runtime/cancel-source.ts'
import { scheduler } from '../runtime/runtime.ts'

export interface Cause {
  readonly error: unknown
  /** It was told to stop, by a context. Who receives sees the end, as in Go; who collects gets the error. */
  readonly isQuiet: boolean
}

/** The ends of contexts whose stage has failed, and with what. */
const failures = new WeakMap<ContextError, unknown>()

/** Ends the context that a stage has given to functions, because the stage has failed. */
export function failContext(ctx: CancelableContext, error: unknown): void {
  const end = canceledError(error)
  failures.set(end, error)
  ctx[cancelSource]!.cancel(end)
}

/** Why a stage ends with its context: it was told to stop, unless it was made for a stage that has failed. */
export function causeOfEnd(end: ContextError): Cause {
  return failures.has(end) ? { error: failures.get(end), isQuiet: false } : { error: end, isQuiet: true }
}

/** Tells all who wait for a channel that it has ended: goroutines of the error, if there is one; inlets look for it themselves. */
export function tellEnd(channel: Channel<unknown>, failure: { readonly error: unknown } | null): void {
  const { receivers, capacity } = channel
  for (let waiter = receivers.head; waiter !== null; waiter = receivers.head) {
    if (failure === null || isInlet(waiter.tag)) deliverClosed(waiter, capacity > 0)
    else scheduler.wake(waiter, failure.error, true, capacity > 0)
  }
}

function isInlet(tag: unknown): boolean {
  return typeof tag === 'object' && tag !== null && 'received' in tag
}
