// The end of the program by an error that nobody handles, in Go's form: `panic: MESSAGE`, a blank line, the goroutine's
// trace, exit status 2.
import { describe } from '../errors/argument.ts'
import type { GoroutineRecord } from './goroutine-record.ts'
import { scheduler } from './runtime.ts'
import { formatCreation, formatFrames } from './site.ts'

/** How far a chain of causes is followed: it may be endless. */
const maxCauses = 16

export function reportPanic(record: GoroutineRecord, error: unknown): void {
  scheduler.host.crash(error, () => formatPanic(record, error))
}

/** The text of a panic, without a newline at its end. */
export function formatPanic(record: GoroutineRecord, error: unknown): string {
  const lines = [`panic: ${panicMessage(error)}`, '', `goroutine ${record.id} [running]:`]
  lines.push(framesOf(error) ?? `${record.name || '(anonymous)'}(...)\n\tsite not recorded`)
  if (record.createdAt !== undefined) lines.push(formatCreation(record.createdAt, record.parentId))
  let left = maxCauses
  for (let cause = causeOf(error); cause !== undefined && left > 0; cause = causeOf(cause), left--) {
    lines.push('', `caused by: ${panicMessage(cause)}`)
    const frames = framesOf(cause)
    if (frames !== undefined) lines.push(frames)
  }
  return lines.join('\n')
}

/** What an error says in one line, or a short picture of a value that is no error. */
export function panicMessage(error: unknown): string {
  try {
    if (error instanceof Error) return error.message === '' ? error.name : error.message
    if (typeof error === 'string') return error
    if (typeof error === 'object' && error !== null) return JSON.stringify(error) ?? describe(error)
  } catch {
    // A value of the program may throw at anything that is asked of it.
  }
  return describe(error)
}

function framesOf(error: unknown): string | undefined {
  try {
    return error instanceof Error && typeof error.stack === 'string' ? formatFrames(error.stack) : undefined
  } catch {
    return undefined
  }
}

function causeOf(error: unknown): unknown {
  try {
    return error instanceof Error ? error.cause : undefined
  } catch {
    return undefined
  }
}
