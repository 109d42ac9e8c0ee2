// The beginning of every wait in this folder.
import { type Cancel, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import { fail, type Operation } from '../runtime/operation.ts'
import type { Waiter } from '../runtime/waiter.ts'

/** The failed operation when `ctx` has ended or is no context; else null, and the wait may begin. */
export function refused(ctx: Cancel): Operation<never> | null {
  try {
    const error = cancelSourceOf(ctx)?.error
    return error === undefined ? null : fail(error)
  } catch (error) {
    return fail(error)
  }
}

/** Parks a waiter that is queued already, until it is woken or `ctx` ends. */
export function parkWith<T>(waiter: Waiter, ctx: Cancel | undefined): Operation<T> {
  return parkUnder(waiter, ctx === undefined ? null : cancelSourceOf(ctx))
}
