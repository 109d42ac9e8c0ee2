// Deriving a context that can end from another.
import { requireDate, requireDuration } from '../errors/argument.ts'
import { cancelSource } from '../runtime/cancel-source.ts'
import { scheduler } from '../runtime/runtime.ts'
import { ScopeContext } from './cancelable.ts'
import { type BaseContext, requireContext, requireParent } from './context.ts'
import { Deadline } from './deadline.ts'
import { MainScope } from './main-scope.ts'
import { attach, Scope } from './scope.ts'
import type { CancelableContext, Context } from './types.ts'

export interface DeadlineOptions {
  /** Becomes the `cause` of the DeadlineExceededError, if it is this deadline that ends the context. */
  readonly cause?: unknown
}

/**
 * A context that ends when it is cancelled, or when `parent` ends.
 *
 * Cancel it as soon as its work is done (`using` does): until then its parent holds on to it.
 * @throws {PanicError} `ERR_CONTEXT_NIL_PARENT` when there is no parent, `ERR_INVALID_ARG_TYPE` when it is no Context.
 * @example
 * using ctx = withCancel(background())
 * ctx.cancel(new Error('enough'))
 * console.log(ctx.err?.message) // context canceled
 */
export function withCancel(parent: Context): CancelableContext {
  return cancelable(requireParent(parent))
}

/**
 * A context that ends at `deadline` with DeadlineExceededError, or before that when it is cancelled or `parent` ends.
 *
 * When the parent's deadline is earlier, that one counts. The timer keeps the program alive only while something waits
 * on the context or on one derived from it.
 * @throws {PanicError} `ERR_CONTEXT_NIL_PARENT`, `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE` for an invalid Date.
 */
export function withDeadline(parent: Context, deadline: Date, options?: DeadlineOptions): CancelableContext {
  const from = requireParent(parent)
  requireDate('deadline', deadline)
  return withEnd(from, deadline.getTime() - scheduler.clock.wallTime(), options)
}

/**
 * {@link withDeadline}, `ms` milliseconds from now.
 * @throws {PanicError} `ERR_CONTEXT_NIL_PARENT`, `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE` when `ms` is NaN.
 * @example
 * using ctx = withTimeout(background(), 10)
 * await ctx.done.receive()
 * console.log(ctx.err?.message) // context deadline exceeded
 */
export function withTimeout(parent: Context, ms: number, options?: DeadlineOptions): CancelableContext {
  const from = requireParent(parent)
  requireDuration('ms', ms)
  return withEnd(from, ms, options)
}

function withEnd(parent: BaseContext, ms: number, options: DeadlineOptions | undefined): CancelableContext {
  const inherited = parent[cancelSource]?.deadline
  if (inherited?.isBefore(ms) || ms === Number.POSITIVE_INFINITY) return cancelable(parent)
  const deadline = new Deadline(scheduler.clock, ms, options?.cause)
  const scope = new Scope(deadline)
  attach(scope, parent[cancelSource])
  if (scope.error === undefined) deadline.start(scope)
  return new ScopeContext(parent, 'WithDeadline', scope)
}

/** {@link withCancel} for the context of `run`, which signals cancel. */
export function withSignals(parent: Context): CancelableContext {
  return cancelable(requireContext('ctx', parent), MainScope)
}

function cancelable(parent: BaseContext, scopeClass: typeof Scope = Scope): CancelableContext {
  const source = parent[cancelSource]
  const scope = new scopeClass(source === null ? null : source.deadline)
  attach(scope, source)
  return new ScopeContext(parent, 'WithCancel', scope)
}
