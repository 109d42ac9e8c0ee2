// Digests every file of a tree: a walk -> N at a time are read and hashed -> in order, into a checksum file. What comes later
// asks what comes before, so a slow disk at the end slows the walk at the beginning; and the context ends all of it.

import { type Context, chan, Group, go, run } from 'warren'
import { fromIterable, parallelMap } from 'warren/pipeline'
import { checkCommand } from './checksum-line.ts'
import { exitFor } from './exit.ts'
import { hashEntry } from './hash.ts'
import { help, type Options, parseOptions } from './options.ts'
import { openOutput } from './output.ts'
import { openScreen, say, showProgress } from './progress.ts'
import { Tally } from './tally.ts'
import { countAhead, type Entry, entriesOf, openTree } from './walk.ts'
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
  const hash = (entry: Entry, ctx: Context) => hashEntry(entry, { tree, algorithm, output: output.identity }, ctx)
  try {
    if (screen.wantsTotal) await group.go((ctx) => countAhead(tree, tally, ctx))
    await group.go((ctx) => {
      const entries = fromIterable(entriesOf(tree))
      const digests = parallelMap(entries, hash, { concurrency: jobs, capacity: window, ctx })
      return write(digests, output, tally, screen, options.strict)
    })
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
