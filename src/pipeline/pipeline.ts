// A source and its stages in the order in which values go through them.
import type { ReceiveChan } from '../chan/types.ts'
import { requireFunction } from '../errors/argument.ts'
import { type Source, sourceOf } from './source-of.ts'

/** A stage, as a function of its input. */
export type Stage<T, R> = (ch: ReceiveChan<T>) => R

type Through<T, R> = Stage<T, ReceiveChan<R>>

/**
 * Puts stages behind a source: `pipeline(source, a, b)` is `b(a(source))`, written in the order of the values. The last stage may
 * return anything, such as what `collect` does.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when the source is nothing to read, or a stage no function.
 * @example
 * const squares = await pipeline(
 *   [1, 2, 3, 4],
 *   (ch) => filter(ch, (n) => n % 2 === 0),
 *   (ch) => map(ch, (n) => n * n),
 *   collect,
 * )
 * console.log(squares) // [ 4, 16 ]
 */
export function pipeline<A>(source: Source<A>): ReceiveChan<A>
export function pipeline<A, Z>(source: Source<A>, last: Stage<A, Z>): Z
export function pipeline<A, B, Z>(source: Source<A>, s1: Through<A, B>, last: Stage<B, Z>): Z
export function pipeline<A, B, C, Z>(source: Source<A>, s1: Through<A, B>, s2: Through<B, C>, last: Stage<C, Z>): Z
export function pipeline<A, B, C, D, Z>(
  source: Source<A>,
  s1: Through<A, B>,
  s2: Through<B, C>,
  s3: Through<C, D>,
  last: Stage<D, Z>,
): Z
export function pipeline<A, B, C, D, E, Z>(
  source: Source<A>,
  s1: Through<A, B>,
  s2: Through<B, C>,
  s3: Through<C, D>,
  s4: Through<D, E>,
  last: Stage<E, Z>,
): Z
export function pipeline<A, B, C, D, E, F, Z>(
  source: Source<A>,
  s1: Through<A, B>,
  s2: Through<B, C>,
  s3: Through<C, D>,
  s4: Through<D, E>,
  s5: Through<E, F>,
  last: Stage<F, Z>,
): Z
export function pipeline<A, B, C, D, E, F, G, Z>(
  source: Source<A>,
  s1: Through<A, B>,
  s2: Through<B, C>,
  s3: Through<C, D>,
  s4: Through<D, E>,
  s5: Through<E, F>,
  s6: Through<F, G>,
  last: Stage<G, Z>,
): Z
/** Any number of stages that keep the type of the values. */
export function pipeline<A>(source: Source<A>, ...stages: Through<A, A>[]): ReceiveChan<A>
export function pipeline(source: Source<unknown>, ...stages: Stage<unknown, unknown>[]): unknown {
  for (const [index, stage] of stages.entries()) requireFunction(`stage ${index + 1} of the pipeline`, stage)
  let current: unknown = sourceOf(source, 'source')
  for (const stage of stages) current = stage(current as ReceiveChan<unknown>)
  return current
}
