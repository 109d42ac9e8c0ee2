// Copies a catalogue from a service that has a quota and bad days. Read client.ts and events.ts for the patterns.

import { constants } from 'node:os'
import { type Context, ContextCanceledError, DeadlineExceededError, run, SignalError } from 'warren'
import { forEach, fromIterable, parallelMap } from 'warren/pipeline'
import { AllFailedError, CircuitOpenError } from 'warren/resilience'
import { ApiClient } from './client.ts'
import { follow } from './events.ts'
import { HttpError, UnreachableError } from './http.ts'
import { help, type Options, parseOptions, UsageError } from './options.ts'

async function copy(options: Options, ctx: Context): Promise<void> {
  const client = new ApiClient({ ...options, fetch })
  const numbers = await client.read<number[]>('/items', ctx)
  const items = parallelMap(fromIterable(numbers), (n, ctx) => client.read(`/items/${n}`, ctx), {
    concurrency: options.jobs,
  })
  await forEach(items, print, ctx)
  await client.write('/copies', { items: numbers.length }, ctx)

  const { calls, hedges, wins } = client.reads.stats()
  say(`${calls} reads, ${hedges} of them tried twice, which was faster ${wins} times`)
  if (options.follow) await forEach(eventsOf(client, options, ctx), print, ctx)
}

const became = { silent: 'is silent', failed: 'has failed', ended: 'has ended' }

function eventsOf(client: ApiClient, { silentMs }: Options, ctx: Context) {
  const open = (after: number, ctx: Context) => client.open(`/events?after=${after}`, ctx)
  return follow(
    { open, silentMs, onRestart: ({ reason }) => say(`the stream ${became[reason]}; connecting again`) },
    ctx,
  )
}

function print(value: unknown): void {
  console.log(JSON.stringify(value))
}

function say(line: string): void {
  process.stderr.write(`api-client: ${line}\n`)
}

/** What a service may do to those who ask. */
const refusals = [HttpError, UnreachableError, AllFailedError, CircuitOpenError, DeadlineExceededError]

/** The exit code; what is not listed is a bug. */
function codeFor(error: unknown): number {
  if (error instanceof ContextCanceledError && error.cause instanceof SignalError) {
    return 128 + constants.signals[error.cause.signal as NodeJS.Signals]
  }
  if (error instanceof UsageError) {
    say(`${error.message}\ntry --help`)
    return 2
  }
  if (!refusals.some((kind) => error instanceof kind)) throw error
  say((error as Error).message)
  return 1
}

await run(async (ctx) => {
  try {
    const options = parseOptions(process.argv.slice(2))
    if (options === 'help') process.stdout.write(help)
    else await copy(options, ctx)
  } catch (error) {
    process.exitCode = codeFor(error)
  }
})
