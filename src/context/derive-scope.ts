// The context of what a call starts for its user: it ends with the caller's, whatever that is, and can be ended with the call.
import { invalidType } from '../errors/argument.ts'
import { type Cancel, cancelSource, isAbortSignal } from '../runtime/cancel-source.ts'
import { background } from './background.ts'
import { withCancel } from './derive.ts'
import { fromSignal } from './from-signal.ts'
import type { CancelableContext, Context } from './types.ts'

export function isCancel(value: unknown): value is Cancel {
  return typeof value === 'object' && value !== null && (cancelSource in value || isAbortSignal(value))
}

/** A context under `ctx`, which may be a signal or none. */
export function deriveScope(ctx: Cancel | undefined): CancelableContext {
  if (ctx === undefined) return withCancel(background())
  if (!isCancel(ctx)) throw invalidType('ctx', 'a Context or an AbortSignal', ctx)
  return cancelSource in ctx ? withCancel(ctx as Context) : fromSignal(ctx)
}
