/** Thrown by {@link goexit}, and taken by the runtime as an end without an error. */
export const exiting: unique symbol = Symbol.for('warren.goexit')

/**
 * Ends the calling goroutine, running its `finally` blocks; its `join` returns undefined. It throws a sentinel: a
 * catch-all must rethrow what it does not know.
 */
export function goexit(): never {
  throw exiting
}
