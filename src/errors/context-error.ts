// The two ways in which a context ends. They stand at the bottom of the house because a wait that was given a plain
// AbortSignal fails with one of them too, and the runtime knows nothing of contexts.
import { brand, WarrenError } from './warren-error.ts'

/** Base of the two errors with which a wait ends when its context does. `cause` is the reason that was given. */
export class ContextError extends WarrenError {
  static {
    brand(this, 'ContextError')
  }
}

/** The context was cancelled, or the AbortSignal aborted. */
export class ContextCanceledError extends ContextError {
  declare readonly code: 'ERR_CONTEXT_CANCELED'

  constructor(options?: ErrorOptions) {
    super('ERR_CONTEXT_CANCELED', 'context canceled', options)
  }

  static {
    brand(this, 'ContextCanceledError')
  }
}

/** The context's deadline passed. */
export class DeadlineExceededError extends ContextError {
  declare readonly code: 'ERR_DEADLINE_EXCEEDED'

  constructor(options?: ErrorOptions) {
    super('ERR_DEADLINE_EXCEEDED', 'context deadline exceeded', options)
  }

  static {
    brand(this, 'DeadlineExceededError')
  }
}
