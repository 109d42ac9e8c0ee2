// The beginning of every wait in this folder.
import { type Cancel, type CancelSource, cancelSourceOf, parkUnder } from '../runtime/cancel-source.ts'
import { fail, type Operation, park } from '../runtime/operation.ts'
import type { Waiter } from '../runtime/waiter.ts'

/** The failed operation when `ctx` has ended or is no context; else null, and the wait may begin. */
export function refused(ctx: Cancel): Operation<never> | null {
  const error = cancelSourceOf(ctx)?.error
  return error === undefined ? null : fail(error)
}

/** Parks a waiter that is queued already, until it is woken or `ctx` ends. Its value is the source of that meanwhile. */
export function parkWith<T>(waiter: Waiter, ctx: Cancel | undefined): Operation<T> {
  if (ctx === undefined) return park(waiter)
  const source = cancelSourceOf(ctx)
  waiter.value = source
  return parkUnder(waiter, source)
}

/**
 * Whether the waiter is about to be told that its context has ended. One that is told first may make room for others: they
 * must not get what they wait for when they are only next in line to be told.
 */
export function isEnding(waiter: Waiter): boolean {
  return (waiter.value as CancelSource | null | undefined)?.error !== undefined
}
