// What a function makes of all the values of a channel.
import type { Channel } from '../chan/chan.ts'
import type { ReceiveChan } from '../chan/types.ts'
import type { Context } from '../context/types.ts'
import { requireFunction } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { Operation } from '../runtime/operation.ts'
import { CallStage, nothing, type StageFunction } from './call-stage.ts'
import { drain, type Sink } from './drain.ts'
import { attempt, inputOf } from './input.ts'
import { checkOptions, type StageOptions } from './options.ts'

/** Calls a function with each value, and gives nothing. */
class EachStage<T> extends CallStage<T, never> {
  protected override outcome(): typeof nothing {
    return nothing
  }
}

class FoldStage<T, A> extends CallStage<T, never> {
  readonly #fold: Fold<A>

  constructor(input: Channel<T>, fold: Fold<A>, fn: Folder<T, A>, ctx: Cancel | undefined) {
    super(input, (value, own) => fn(fold.state, value, own), { ...checkOptions(ctx), ordered: true })
    this.#fold = fold
  }

  protected override outcome(_value: T, result: unknown): typeof nothing {
    this.#fold.state = result as A
    return nothing
  }
}

interface Fold<A> {
  state: A
}

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
    const calls = new EachStage<T>(inputOf(ch), fn, { ...checked, capacity: 0, ordered: false }).open()
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
    const fold: Fold<A> = { state: initial }
    const calls = new FoldStage<T, A>(inputOf(ch), fold, fn, ctx).open()
    return drain(calls, { take: () => {}, result: () => fold.state }, ctx)
  })
}
