// What people see while it runs, on standard error: a bar on a terminal, a plain line now and then elsewhere.

import cliProgress from 'cli-progress'
import { type ReceiveChan, select, Ticker } from 'warren'
import type { Options } from './options.ts'
import type { Tally } from './tally.ts'

export interface Screen {
  readonly periodMs: number
  /** Whether it can show how much there is to do, and so wants it counted ahead. */
  readonly wantsTotal: boolean
  say(line: string): void
  show(tally: Tally): void
  close(): void
}

export function openScreen({ quiet, output }: Options): Screen {
  const isInTheWay = output === '-' && process.stdout.isTTY
  if (quiet || isInTheWay) return { ...plainScreen(), show: () => {} }
  return process.stderr.isTTY ? barScreen() : plainScreen()
}

/** The goroutine that redraws, until `finished` is closed. */
export async function showProgress(tally: Tally, screen: Screen, finished: ReceiveChan<never>): Promise<void> {
  const ticker = new Ticker(screen.periodMs)
  try {
    for (;;) {
      const picked = await select({ tick: ticker.c, finished })
      if (picked.case === 'finished') return
      screen.show(tally)
    }
  } finally {
    ticker.stop()
    screen.close()
  }
}

export function say(line: string): void {
  process.stderr.write(`digest: ${line}\n`)
}

function plainScreen(): Screen {
  return { periodMs: 2000, wantsTotal: false, say, show: (tally) => say(tally.progress()), close: () => {} }
}

function barScreen(): Screen {
  const bars = new cliProgress.MultiBar({
    format: '{bar} {percentage}% of {total} | {progress} | {duration_formatted}',
    stream: process.stderr,
    barsize: 24,
    emptyOnZero: true,
    forceRedraw: true,
    hideCursor: true,
    clearOnComplete: true,
  })
  const bar = bars.create(0, 0, { progress: '' })
  return {
    periodMs: 100,
    wantsTotal: true,
    say: (line) => bars.log(`digest: ${line}\n`),
    show(tally) {
      bar.setTotal(Math.max(tally.found, tally.seen))
      bar.update(tally.seen, { progress: tally.progress() })
    },
    close() {
      bars.update()
      bars.stop()
    },
  }
}
