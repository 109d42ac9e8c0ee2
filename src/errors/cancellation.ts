// Which errors say that somebody was told to stop. A goroutine that ends with one is not in a panic: the platform's own
// functions reject with the reason of the signal they were given (`fetch`), or with an AbortError that has it as its
// cause (`timers/promises`).
import { ContextError } from './context-error.ts'

/** The reasons that contexts have aborted their signals with. */
export const abortReasons: WeakSet<object> = new WeakSet()

const longestChain = 16

/** Whether the error, or one of its causes, comes from the end of a context or of an AbortSignal. */
export function isCancellation(error: unknown): boolean {
  try {
    return hasCancellation(error)
  } catch {
    return false // what was thrown has getters that throw
  }
}

function hasCancellation(error: unknown): boolean {
  let link = error
  for (let depth = 0; depth < longestChain && typeof link === 'object' && link !== null; depth++) {
    if (link instanceof ContextError || abortReasons.has(link)) return true
    const { name, cause } = link as { readonly name?: unknown; readonly cause?: unknown }
    if (name === 'AbortError') return true
    link = cause
  }
  return false
}
