// The end of the program by an error that nobody handles, in Go's form: `panic: MESSAGE`, a blank line, the goroutine's
// trace, exit status 2.
import type { GoroutineRecord } from './goroutine-record.ts'
import { scheduler } from './runtime.ts'
import { formatFrames } from './site.ts'

export function reportPanic(record: GoroutineRecord, error: unknown): void {
  scheduler.host.crash(error, () => formatPanic(record, error))
}

/** The text of a panic, without a newline at its end. */
export function formatPanic(record: GoroutineRecord, error: unknown): string {
  const lines = [`panic: ${panicMessage(error)}`, '', `goroutine ${record.id} [running]:`]
  const stack = error instanceof Error && error.stack !== undefined ? formatFrames(error.stack) : undefined
  if (stack !== undefined) lines.push(stack)
  if (record.createdAt !== undefined) lines.push(`created by ${record.createdAt}`)
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    lines.push(`caused by ${panicMessage(cause)}`)
  }
  return lines.join('\n')
}

function panicMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message === '' ? error.name : error.message
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}
