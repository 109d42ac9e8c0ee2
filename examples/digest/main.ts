// Digests every file of a tree: walk -> N goroutines that read and hash -> back into order -> a checksum file.
// Each arrow is a channel. A stage closes the channel it sends to, and gives up when the context is cancelled.

import { type Context, chan, Group, go, run } from 'warren'
import { checkCommand } from './checksum-line.ts'
import { exitFor } from './exit.ts'
import { type Digest, hashEntry } from './hash.ts'
import { help, type Options, parseOptions } from './options.ts'
import { inOrder } from './ordered.ts'
import { openOutput } from './output.ts'
import { openScreen, say, showProgress } from './progress.ts'
import { Tally } from './tally.ts'
import { countAhead, type Entry, openTree, walk } from './walk.ts'
import { write } from './write.ts'

/** Results that may wait for an older one: enough to get past a big file, and a few megabytes of memory at most. */
const window = 4096

async function digest(options: Options, ctx: Context): Promise<void> {
  const { algorithm, jobs } = options
  const tree = await openTree(options.path)
  const output = await openOutput(options.output)
  const tally = new Tally()
  const screen = openScreen(options)
  const finished = chan<never>()
  const progress = go(() => showProgress(tally, screen, finished))

  const group = new Group(ctx)
  const entries = chan<Entry>(jobs)
  const digests = chan<Digest>()
  const hash = (entry: Entry, ctx: Context) => hashEntry(entry, { tree, algorithm, output: output.identity }, ctx)
  try {
    if (screen.wantsTotal) await group.go((ctx) => countAhead(tree, tally, ctx))
    await group.go((ctx) => walk(tree, entries, ctx))
    await group.go((ctx) => inOrder(entries, digests, hash, { jobs, window }, ctx))
    await group.go(() => write(digests, output, tally, screen, options.strict))
    await group.wait()
  } finally {
    finished.close()
    await progress.join()
    await output.close()
    if (!options.quiet) say(tally.summary())
  }
  const check = checkCommand(algorithm, tree.directory, options.output)
  if (!options.quiet && check !== undefined) say(`to verify: ${check}`)
}

await run(async (ctx) => {
  try {
    const options = parseOptions(process.argv.slice(2))
    if (options === 'help') process.stdout.write(help)
    else await digest(options, ctx)
  } catch (error) {
    const { code, message } = exitFor(error)
    if (message !== undefined) say(message)
    process.exitCode = code
  }
})
