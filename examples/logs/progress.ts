// What people see while it runs, on standard error: a bar on a terminal, a line now and then elsewhere.

import cliProgress from 'cli-progress'
import { type Context, Second, Ticker } from 'warren'
import { orDone } from 'warren/pipeline'
import type { Tally } from './tally.ts'

/** The goroutine that looks at the tally now and then, until `ctx` ends. */
export async function showProgress(tally: Tally, totalBytes: number, ctx: Context): Promise<void> {
  const screen = process.stderr.isTTY ? barScreen(totalBytes) : plainScreen
  using ticker = new Ticker(screen.periodMs)
  try {
    for await (const _ of orDone(ticker.c, ctx)) screen.show(tally)
  } finally {
    screen.close()
  }
}

export function say(line: string): void {
  process.stderr.write(`logs: ${line}\n`)
}

const plainScreen = { periodMs: 2 * Second, show: (tally: Tally) => say(tally.progress()), close: () => {} }

function barScreen(totalBytes: number): typeof plainScreen {
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage}% | {progress} | {eta_formatted} to go',
    stream: process.stderr,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(totalBytes, 0, { progress: '' })
  return {
    periodMs: 100,
    show: (tally) => bar.update(tally.bytes, { progress: tally.progress() }),
    close: () => bar.stop(),
  }
}
