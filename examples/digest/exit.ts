// Every way the program can end, and the number it ends with.

import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import { ContextCanceledError, SignalError } from 'warren'
import { UsageError } from './options.ts'

/** A file failed under --strict; it has been reported. */
export class StrictError extends Error {}

export interface Exit {
  readonly code: number
  readonly message?: string
}

/** What `error` means to people and to a shell. Anything that is not listed is a bug and is thrown on. */
export function exitFor(error: unknown): Exit {
  if (error instanceof UsageError) return { code: 2, message: `${error.message}\ntry --help` }
  if (error instanceof ContextCanceledError && error.cause instanceof SignalError) {
    // As shells count: 130 for SIGINT, 143 for SIGTERM.
    const code = 128 + constants.signals[error.cause.signal as NodeJS.Signals]
    return { code, message: 'interrupted; the output is valid so far' }
  }
  if (error instanceof StrictError) return { code: 1, message: 'stopped at the first error (--strict)' }
  const reason = systemReason(error)
  if (reason === undefined) throw error
  const { code, path } = error as NodeJS.ErrnoException
  // The reader of standard output went away, as `head` does: nothing to say, and nobody to say it to.
  if (code === 'EPIPE') return { code: 141 }
  return { code: 1, message: path === undefined ? reason : `${path}: ${reason}` }
}

/** The operating system's words for its error, `undefined` for any other. */
export function systemReason(error: unknown): string | undefined {
  const { errno } = error as NodeJS.ErrnoException
  return errno === undefined ? undefined : (getSystemErrorMap().get(errno)?.[1] ?? `system error ${errno}`)
}
