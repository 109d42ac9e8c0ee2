// Trying again.
import { msToDeadline } from '../context/deadline.ts'
import type { Context } from '../context/types.ts'
import { KilledError } from '../errors/goroutine-error.ts'
import { PanicError } from '../errors/panic-error.ts'
import { type Cancel, cancelSource } from '../runtime/cancel-source.ts'
import { exiting } from '../runtime/goexit.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, type Operation, type Wait } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { sleep } from '../time/sleep.ts'
import { call, refusedCall } from './call.ts'
import { requireSchedule, type Schedule } from './schedule.ts'
import { isAbort } from './told-to-stop.ts'

/** What is tried: under a context, and for the n-th time, from 1. It may be async, a generator function or plain. */
export type Attempt<T> = (ctx: Context, attempt: number) => GoroutineBody<T>

/**
 * Calls `fn` until it succeeds, and returns what it returned; after a failure it waits as `schedule` says. Each try runs in
 * a goroutine and under a context of its own.
 *
 * There is no further try when the schedule gives none, when it would never come (`Infinity`), or when `ctx` has a deadline that
 * comes before it: then the last error is thrown as it is, at once. Never tried again: what was told to stop (a cancelled context, an aborted signal), what
 * was killed, and misuse ({@link PanicError}). A timeout in `fn` is a failure like any other.
 *
 * *Blocking*: until a try succeeds, or there is none any more. *Cancellation*: the context of the try that is under way ends,
 * or the delay does; this call does not wait for the try. *Ordering*: all that the tries did happens before it returns.
 * @throws what the last try threw; {@link ContextError} when `ctx` ends first; {@link PanicError} `ERR_GO_NIL` or
 * `ERR_INVALID_ARG_TYPE` for a wrong argument.
 * @example
 * const quickly = exponential(5).jitter().attempts(4)
 * const fetchPrice = async (attempt: number) => {
 *   if (attempt < 3) throw new Error('busy')
 *   return 42
 * }
 * console.log(await retry((_, attempt) => fetchPrice(attempt), quickly)) // 42
 */
export function retry<T>(fn: Attempt<T>, schedule: Schedule, ctx?: Cancel): Operation<T> {
  const refusal = refusedCall(fn, ctx)
  if (refusal !== null) return refusal
  try {
    requireSchedule('schedule', schedule)
  } catch (error) {
    return fail(error)
  }
  return call((scope) => tryAll(fn, schedule, scope), ctx, { name: 'retry' })
}

function* tryAll<T>(fn: Attempt<T>, schedule: Schedule, ctx: Context): Generator<Wait, T, unknown> {
  const { clock } = scheduler
  let firstFailure: number | undefined
  let delayMs = 0
  for (let attempt = 1; ; attempt++) {
    try {
      return yield* call((scope) => fn(scope, attempt), ctx, { name: fn.name })
    } catch (error) {
      if (isFinal(error, ctx)) throw error
      const now = clock.now()
      firstFailure ??= now
      const nextMs = schedule.next({ attempt, error, elapsedMs: now - firstFailure, delayMs })
      if (nextMs === undefined || nextMs >= msToDeadline(ctx[cancelSource])) throw error
      delayMs = nextMs
      yield* sleep(delayMs, ctx)
    }
  }
}

function isFinal(error: unknown, ctx: Context): boolean {
  if (ctx.err !== undefined || error === exiting) return true
  return error instanceof PanicError || error instanceof KilledError || isAbort(error)
}
