// Functions that a test hands to the library, in each style.
import type { GoroutineBody, Operation } from 'warren'
import { type Body, drive, on, type Style } from './styles.ts'

/** The body as a function of that style: a generator function, or an async one. */
export function written<A extends unknown[], R>(
  style: Style,
  body: (...args: A) => Body<R>,
): (...args: A) => GoroutineBody<R> {
  return style.name === 'generator' ? body : async (...args) => drive(body(...args))
}

/** What a blocking call fails with. A generator goroutine may be told at the call itself. */
export function* failure(call: () => Operation<unknown>): Body<unknown> {
  try {
    yield* on(call())
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}
