// The errors with which contexts end. Most are never looked at, and a stack costs ten times as much as the rest of a
// cancel (4 microseconds): they have one only where sites are recorded (WARREN_DEBUG=1). It says who cancelled.
import { abortReasons } from '../errors/cancellation.ts'
import { ContextCanceledError, type ContextError, DeadlineExceededError } from '../errors/context-error.ts'
import { scheduler } from '../runtime/runtime.ts'

/** Elsewhere than on V8 the property means nothing. */
const v8Error = Error as unknown as { stackTraceLimit: number }

type EndErrorClass = new (options?: ErrorOptions) => ContextError

export function canceledError(cause: unknown): ContextError {
  return createError(ContextCanceledError, cause)
}

export function deadlineError(cause: unknown): ContextError {
  return createError(DeadlineExceededError, cause)
}

function createError(errorClass: EndErrorClass, cause: unknown): ContextError {
  const options = cause === undefined || cause === null ? undefined : { cause }
  return scheduler.recordsSites ? new errorClass(options) : withoutStacks(() => new errorClass(options))
}

/** Calls `fn`; errors that are made in it have no stack. */
export function withoutStacks<T>(fn: () => T): T {
  const limit = v8Error.stackTraceLimit
  v8Error.stackTraceLimit = 0
  try {
    return fn()
  } finally {
    v8Error.stackTraceLimit = limit
  }
}

/** Aborts with what stands for the end of the context; who rejects with that has been told to stop. */
export function abortWith(controller: AbortController, error: ContextError): void {
  const reason = reasonOf(error)
  if (typeof reason === 'object' && reason !== null) abortReasons.add(reason)
  controller.abort(reason)
}

/** What was given as the cause of an end, or else the error itself. */
export function reasonOf(error: ContextError): unknown {
  return 'cause' in error ? error.cause : error
}
