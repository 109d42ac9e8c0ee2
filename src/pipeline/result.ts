// What a function gave, or its error, as a value that travels.
import type { Context } from '../context/types.ts'
import { type Body, kindOfResult } from '../runtime/generators.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { Wait } from '../runtime/operation.ts'
import type { StageFunction } from './call-logic.ts'
import { named } from './work.ts'

/** What became of one value: a result, or an error that did not end the pipeline. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

const success = <R>(value: unknown): Result<R> => ({ ok: true, value: value as R })
const failure = (error: unknown): Result<never> => ({ ok: false, error })

/** The function whose errors are values, in the style of the given one and under its name, which its goroutines have. */
export function resultOf<T, R>(fn: StageFunction<T, R>): StageFunction<T, Result<R>> {
  const withResult = (value: T, ctx: Context): GoroutineBody<Result<R>> => {
    try {
      const result: unknown = fn(value, ctx)
      const kind = kindOfResult(result)
      if (kind === 'generator') return resultOfGenerator<R>(result as Body)
      if (kind === 'promise') return Promise.resolve(result).then(success<R>, failure)
      return success<R>(result)
    } catch (error) {
      return failure(error)
    }
  }
  return named(fn.name, withResult)
}

function* resultOfGenerator<R>(body: Body): Generator<Wait, Result<R>, unknown> {
  try {
    return success(yield* body)
  } catch (error) {
    return failure(error)
  }
}
