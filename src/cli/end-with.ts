// How an error that reaches the top of the program ends it.
import { constants } from 'node:os'
import { ContextError } from '../errors/context-error.ts'
import { SignalError } from '../errors/signal-error.ts'
import { formatPanic, panicMessage } from '../runtime/panic.ts'
import { mainState } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'
import { formatFrames } from '../runtime/site.ts'

const panicExitCode = 2
const loadFailureExitCode = 1
/** What shells add to the number of a signal. */
const signalExitCode = 128

/** The codes with which Node refuses a module; SyntaxError has none. */
const loadFailures: ReadonlySet<unknown> = new Set([
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_CANNOT_TRANSPILE',
])

/** Ends the process with what the program's top level threw. */
export function endWith(error: unknown): void {
  const signal = signalBehind(error)
  if (signal !== undefined) process.exit(process.exitCode ?? signalExitCode + constants.signals[signal])
  if (isLoadFailure(error)) {
    // Only Node knows the place of a SyntaxError, and shows it when it reports the error itself (exit status 1).
    if (error instanceof SyntaxError) throw error
    scheduler.host.writeError(`warren: ${panicMessage(error)}`)
    process.exit(loadFailureExitCode)
  }
  scheduler.host.crash(error, () => formatPanic(mainState.topLevel, error))
}

/** Panic form also for what is thrown outside every goroutine, unless the program listens for it. */
export function reportUncaughtErrors(): void {
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
    if (isLoadFailure(error)) return
    scheduler.host.writeError(formatPanic(mainState.topLevel, reasonOf(error)))
    process.exit(panicExitCode)
  })
}

/** Node wraps a rejection that is no Error into one that quotes it. */
function reasonOf(error: unknown): unknown {
  if (!(error instanceof Error) || codeOf(error) !== 'ERR_UNHANDLED_REJECTION') return error
  return /rejected with the reason "(.*)"\.$/s.exec(error.message)?.[1] ?? error
}

/** The signal that cancelled `run`'s context, if main ended by just that: its error, or Node's own around it. */
function signalBehind(error: unknown): NodeJS.Signals | undefined {
  if (error instanceof SignalError) return error.signal as NodeJS.Signals
  const isCancel = error instanceof ContextError || (error instanceof Error && error.name === 'AbortError')
  return isCancel && error.cause !== error ? signalBehind(error.cause) : undefined
}

/** Whether the program, or a module of it, could not be loaded at all: such an error has no frame of the program. */
function isLoadFailure(error: unknown): error is Error {
  if (!(error instanceof Error) || formatFrames(error.stack ?? '') !== undefined) return false
  return error instanceof SyntaxError || loadFailures.has(codeOf(error))
}

function codeOf(error: Error): unknown {
  return (error as { code?: unknown }).code
}
