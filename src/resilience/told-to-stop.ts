// Errors that say that somebody was told to stop, and those that say that something took too long. Both come out of the
// same contexts and signals; but the first is nobody's fault, and the second is what retries and breakers are for.
import { isCancellation } from '../errors/cancellation.ts'
import { DeadlineExceededError } from '../errors/context-error.ts'

const longestChain = 16

/** Whether the error comes from a cancelled context or an aborted signal, other than by a timeout. */
export function isAbort(error: unknown): boolean {
  return isCancellation(error) && !isTimeout(error)
}

/** Whether the error, or one of its causes, is that of a deadline, or the platform's for a timeout. */
function isTimeout(error: unknown): boolean {
  let link = error
  for (let depth = 0; depth < longestChain && typeof link === 'object' && link !== null; depth++) {
    if (link instanceof DeadlineExceededError) return true
    const { name, cause } = link as { readonly name?: unknown; readonly cause?: unknown }
    if (name === 'TimeoutError') return true
    link = cause
  }
  return false
}
