// The context of what a call starts: it ends with the caller's, and when the call is over.
import { background } from '../context/background.ts'
import { withCancel } from '../context/derive.ts'
import { fromSignal } from '../context/from-signal.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import { invalidType } from '../errors/argument.ts'
import { type Cancel, cancelSource, isAbortSignal } from '../runtime/cancel-source.ts'

/** A context under `ctx`, which may be a signal or none. */
export function deriveScope(ctx: Cancel | undefined): CancelableContext {
  if (ctx === undefined) return withCancel(background())
  if (isAbortSignal(ctx)) return fromSignal(ctx)
  if (typeof ctx === 'object' && ctx !== null && cancelSource in ctx) return withCancel(ctx as Context)
  throw invalidType('ctx', 'a Context or an AbortSignal', ctx)
}
