// A limit to the time that a call may take.
import { requireDuration } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import { fail, type Operation } from '../runtime/operation.ts'
import { type Callee, call } from './call.ts'

/**
 * Calls `fn` in a goroutine of its own, under a context that ends `ms` milliseconds after its start, and returns what it
 * returned. With no time at all (0 or less) it is not called.
 *
 * *Blocking*: until `fn` has ended, or the time has passed, whether `fn` heeds its context or not. *Cancellation*: the
 * context of `fn` ends; this call does not wait for it.
 * @throws what `fn` throws; {@link DeadlineExceededError} when it took too long; {@link ContextError} when `ctx` ends first;
 * {@link PanicError} `ERR_GO_NIL`, `ERR_INVALID_ARG_TYPE` or `ERR_OUT_OF_RANGE` for a wrong argument.
 * @example
 * const answer = timeout((ctx) => sleep(60_000, ctx), 10)
 * console.log(await answer.catch((error: Error) => error.message)) // context deadline exceeded
 */
export function timeout<T>(fn: Callee<T>, ms: number, ctx?: Cancel): Operation<T> {
  try {
    requireDuration('ms', ms)
  } catch (error) {
    return fail(error)
  }
  return call(fn, ctx, { timeoutMs: ms })
}
