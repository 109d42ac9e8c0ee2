// A call that waits for its turn first.
import type { Context } from '../context/types.ts'
import { type Body, kindOfResult } from '../runtime/generators.ts'
import type { Operation, Wait } from '../runtime/operation.ts'
import { wait } from '../runtime/wait.ts'
import type { Callee } from './call.ts'

/** `fn`, which is called when `turn` has come. */
export function limited<T>(turn: (ctx: Context) => Operation<void>, fn: Callee<T>): Callee<T> {
  return function* (ctx): Generator<Wait, T, unknown> {
    yield* turn(ctx)
    const result: unknown = fn(ctx)
    const kind = kindOfResult(result)
    if (kind === 'generator') return (yield* result as Body) as T
    return kind === 'promise' ? yield* wait(result as PromiseLike<T>) : (result as T)
  }
}
