// Putting policies around a call.
import { requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Operation } from '../runtime/operation.ts'
import { type Callee, call, refusedCall } from './call.ts'

/** What calls a function: not at all, several times, later. The `run` of a breaker is one, and so is that of a bulkhead. */
export type Policy = <T>(fn: Callee<T>, ctx?: Cancel) => Operation<T>

/**
 * One policy of several, the outermost first: each calls the next one, under the context that it would give to a function,
 * and the last one calls the function. Without any the function is just called.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when one is no function.
 * @example
 * const breaker = circuitBreaker({ consecutiveFailures: 5, openMs: 10_000 })
 * const connections = bulkhead({ concurrency: 10, queue: 100 })
 * const guarded = compose(
 *   (fn, ctx) => retry(fn, exponential(100).jitter().attempts(4), ctx),
 *   breaker.run,
 *   connections.run,
 *   (fn, ctx) => timeout(fn, 500, ctx),
 * )
 * const fetchPrice = async (_ctx: Context) => 42
 * console.log(await guarded((ctx) => fetchPrice(ctx))) // 42
 */
export function compose(...policies: readonly Policy[]): Policy {
  policies.forEach((guard, i) => {
    requireFunction(`policies[${i}]`, guard)
  })
  if (policies.length === 0) return (fn, ctx) => call(fn, ctx, {})
  return policies.reduceRight((inner, outer) => (fn, ctx) => {
    const guarded: typeof fn = (scope) => inner(fn, scope)
    return refusedCall(fn, ctx) ?? outer(guarded, ctx)
  })
}
