// What a web server's log is about, of a file of any size: lines -> entries -> windows of time -> the most frequent of each.

import { stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { type Context, ContextCanceledError, Group, run, SignalError } from 'warren'
import { flatMap, forEach, fromIterable, map, pipeline } from 'warren/pipeline'
import { parseEntry } from './entry.ts'
import { linesOf } from './lines.ts'
import { help, type Options, parseOptions, UsageError } from './options.ts'
import { say, showProgress } from './progress.ts'
import { Tally } from './tally.ts'
import { type Window, windowsOf } from './windows.ts'

async function summarize(options: Options, ctx: Context): Promise<void> {
  const tally = new Tally()
  const { size } = await stat(options.path)
  const progress = new Group()
  if (!options.quiet) await progress.go((ctx) => showProgress(tally, size, ctx))
  try {
    await pipeline(
      linesOf(options.path, tally),
      (ch) => flatMap(ch, (lines) => lines),
      (ch) => map(ch, parseEntry, { asResult: true }),
      (ch) => fromIterable(windowsOf(ch, options, tally)),
      (ch) => forEach(ch, (window) => print(window, options.top), ctx),
    )
  } finally {
    progress.cancel()
    await progress.wait()
    if (!options.quiet) tally.summary().forEach(say)
  }
}

function print({ startMs, requests, errors, bytes, paths }: Window, top: number): void {
  console.log(`${new Date(startMs).toISOString()} ${requests} requests, ${errors} errors, ${bytes} bytes`)
  for (const [path, count] of paths.top(top)) console.log(`${String(count).padStart(10)} ${path}`)
  if (paths.error > 0) console.log(`${' '.repeat(10)} (each up to ${paths.error} more)`)
}

/** The exit code; what is not listed is a bug. */
function codeFor(error: unknown): number {
  if (error instanceof ContextCanceledError && error.cause instanceof SignalError) {
    return 128 + constants.signals[error.cause.signal as NodeJS.Signals]
  }
  if (error instanceof UsageError) {
    say(`${error.message}\ntry --help`)
    return 2
  }
  if ((error as NodeJS.ErrnoException).errno === undefined) throw error
  say((error as Error).message)
  return 1
}

await run(async (ctx) => {
  try {
    const options = parseOptions(process.argv.slice(2))
    if (options === 'help') process.stdout.write(help)
    else await summarize(options, ctx)
  } catch (error) {
    process.exitCode = codeFor(error)
  }
})
