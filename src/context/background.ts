// The roots: contexts that never end and carry nothing.
import { BaseContext } from './context.ts'
import type { Context } from './types.ts'

const backgroundContext = new BaseContext(null, 'context.Background', null, null)
const todoContext = new BaseContext(null, 'context.TODO', null, null)

/**
 * The root of all contexts: it never ends, has no values and no deadline.
 * @example
 * console.log(background().err) // undefined
 */
export function background(): Context {
  return backgroundContext
}

/** A {@link background} that says: it is not clear yet which context belongs here. */
export function todo(): Context {
  return todoContext
}
