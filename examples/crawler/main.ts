// A web crawler that can be stopped and started again. Read crawl.ts for the pattern; here it gets its parts, and a file.

import { constants } from 'node:os'
import { type Context, ContextCanceledError, Group, run, Second, SignalError, Ticker } from 'warren'
import { afterFunc } from 'warren/context'
import { orDone } from 'warren/pipeline'
import { crawl } from './crawl.ts'
import { Frontier, type Page, StateError, type Visit } from './frontier.ts'
import { help, type Options, parseOptions, UsageError } from './options.ts'
import { openSite } from './site.ts'

const agent = 'warren-example-crawler'

async function crawlWeb({ urls, state, jobs, delayMs, depth, timeoutMs }: Options, stop: Context): Promise<void> {
  const origins = new Set(urls.map((url) => new URL(url).origin))
  const frontier = await Frontier.load(state, { origins, maxDepth: depth, maxTries: 3 })
  for (const url of urls) frontier.add(url, 0)
  await frontier.save(state)
  const manners = { agent, userAgent: `${agent}/1.0`, pauseMs: delayMs, timeoutMs }

  const unwatch = afterFunc(stop, () => say('stopping; it finishes what is under way. Once more ends it at once'))
  const saving = new Group()
  await saving.go((ctx) => saveEvery(5 * Second, frontier, state, ctx))
  try {
    await crawl(frontier, { jobs, openSite: (origin) => openSite(origin, manners), report }, stop)
  } finally {
    unwatch()
    saving.cancel()
    await saving.wait()
    await frontier.save(state)
    say(`${frontier.done} pages done, ${frontier.waiting.length} to go; see ${state}`)
  }
}

/** What happens when the power fails, or at a second Ctrl-C: no more than this is done twice. */
async function saveEvery(ms: number, frontier: Frontier, path: string, ctx: Context): Promise<void> {
  using ticker = new Ticker(ms)
  for await (const _ of orDone(ticker.c, ctx)) await frontier.save(path)
}

function report({ url }: Page, visit: Visit): void {
  if (visit.kind === 'visited') console.log(`${visit.status} ${url} ${visit.links.length}`)
  else if (visit.kind === 'failed') say(`${url}: ${visit.reason}`)
}

function say(line: string): void {
  process.stderr.write(`crawler: ${line}\n`)
}

/** The exit code; what is not listed is a bug. */
function codeFor(error: unknown, options: Options | undefined): number {
  if (error instanceof ContextCanceledError && error.cause instanceof SignalError) {
    return 128 + constants.signals[error.cause.signal as NodeJS.Signals]
  }
  if (error instanceof UsageError) say(`${error.message}\ntry --help`)
  else if (error instanceof StateError || (error as NodeJS.ErrnoException).errno !== undefined) {
    say(`${options?.state}: ${(error as Error).message}`)
  } else throw error
  return error instanceof UsageError ? 2 : 1
}

await run(async (stop) => {
  let options: Options | 'help' | undefined
  try {
    options = parseOptions(process.argv.slice(2))
    if (options === 'help') process.stdout.write(help)
    else await crawlWeb(options, stop)
  } catch (error) {
    process.exitCode = codeFor(error, options === 'help' ? undefined : options)
  }
})
