import { requireContext } from './context.ts'
import { reasonOf } from './end-error.ts'
import type { Context } from './types.ts'

/**
 * Why `ctx` ended: what was given as the cause when it, or the ancestor that ended first, was cancelled; without one its
 * `err`. Undefined while it has not ended.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ctx` is no Context.
 * @example
 * const ctx = withCancel(background())
 * ctx.cancel('enough')
 * console.log(cause(ctx)) // enough
 */
export function cause(ctx: Context): unknown {
  const error = requireContext('ctx', ctx).err
  return error === undefined ? undefined : reasonOf(error)
}
