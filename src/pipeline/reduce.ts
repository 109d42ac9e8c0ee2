// What a function makes of all the values of a channel.
import type { ReceiveChan } from '../chan/types.ts'
import type { Context } from '../context/types.ts'
import { requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { Operation } from '../runtime/operation.ts'
import { CallLogic, type StageFunction } from './call-logic.ts'
import { drain, type Sink } from './drain.ts'
import { attempt, inputOf } from './input.ts'
import { checkOptions, type StageOptions } from './options.ts'
import { named } from './work.ts'

/** Makes the next state of the last one and a value, in any style. */
export type Folder<T, A> = (state: A, value: T, ctx: Context) => GoroutineBody<A>

const nothingToKeep: Sink<never, void> = { take: () => {}, result: () => undefined }

/**
 * Calls `fn(value, ctx)` with each value until the channel is closed; `concurrency` of them at a time (default 1).
 *
 * *Blocking*: until the channel is closed and all calls have ended. *Cancellation*: the pipeline ends, and the context of the
 * calls under way.
 * @throws the first error of `fn`, which ends the pipeline and the other calls' context; what failed in the pipeline;
 * {@link ContextError} when `ctx` ends first.
 * @example
 * let sum = 0
 * await forEach(fromIterable([1, 2, 3]), (n) => void (sum += n))
 * console.log(sum) // 6
 */
export function forEach<T>(
  ch: ReceiveChan<T>,
  fn: StageFunction<T, unknown>,
  options?: StageOptions | Cancel,
): Operation<void> {
  return attempt(() => {
    requireFunction('fn', fn)
    const checked = checkOptions(options)
    const settings = { ...checked, capacity: 0, ordered: false, gives: 'nothing' } as const
    const calls = new CallLogic<T, never>(inputOf(ch), fn, settings).stage.open()
    return drain(calls, nothingToKeep, checked.ctx ?? undefined)
  })
}

/**
 * Makes one value of all: `fn(state, value, ctx)` gives the next state, from `initial` on, one call after the other.
 *
 * *Blocking* and *Cancellation* as {@link forEach}.
 * @throws as {@link forEach}.
 * @example
 * console.log(await reduce(fromIterable([1, 2, 3]), (sum, n) => sum + n, 0)) // 6
 */
export function reduce<T, A>(ch: ReceiveChan<T>, fn: Folder<T, A>, initial: A, ctx?: Cancel): Operation<A> {
  return attempt(() => {
    requireFunction('fn', fn)
    let state = initial
    const sink = (result: unknown): void => {
      state = result as A
    }
    const settings = { ...checkOptions(ctx), ordered: true, gives: 'nothing', sink } as const
    const next = (value: T, own: Context): GoroutineBody<A> => fn(state, value, own)
    const calls = new CallLogic<T, never>(inputOf(ch), named(fn.name, next), settings).stage.open()
    return drain(calls, { take: () => {}, result: () => state }, ctx)
  })
}
