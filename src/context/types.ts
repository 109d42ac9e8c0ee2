// The public shapes of a context.
import type { ReceiveChan } from '../chan/types.ts'
import type { ContextError } from '../errors/context-error.ts'
import type { Cancelable } from '../runtime/cancel-source.ts'

declare const valueType: unique symbol

/** The key of a value in a context; made by `contextKey`. Two keys are never the same, whatever their names. */
export interface ContextKey<in out T> {
  readonly name: string
  /** For the compiler only. */
  readonly [valueType]: (value: T) => T
}

/**
 * Tells everything done for one task when to stop, and carries the task's values. It is handed down, as the last
 * argument of whatever may wait.
 */
export interface Context extends Cancelable {
  /** When it will end by itself; undefined when it has no deadline. */
  readonly deadline: Date | undefined
  /** Closed when the context ends: a case for a select. The nil channel for a context that never ends. */
  readonly done: ReceiveChan<never>
  /** Why the context ended; undefined while it has not. Cheap enough for the test of a busy loop. */
  readonly err: ContextError | undefined
  /** An AbortSignal for other libraries; aborted when the context ends, with `cause(ctx)` as its reason. */
  readonly signal: AbortSignal
  /** The nearest value with this key, from here to the root. */
  value<T>(key: ContextKey<T>): T | undefined
}

/** A context together with the right to end it. Hand it on as a {@link Context}: who receives that cannot cancel it. */
export interface CancelableContext extends Context, Disposable {
  /**
   * Ends the context and all that are derived from it, before it returns. Only the first end of a context counts. `cause`
   * says why: it becomes the `cause` of the error; undefined and null are none.
   */
  cancel(cause?: unknown): void
  /** Cancels: `using ctx = withTimeout(parent, 100)`. */
  [Symbol.dispose](): void
}
