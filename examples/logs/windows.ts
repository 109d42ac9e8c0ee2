// Groups entries by time. A log is almost in order: a window is given out when an entry comes that is `lateMs` past its end, so only
// as many are open as there fit into that time.

import type { ReceiveChan } from 'warren'
import type { Result } from 'warren/pipeline'
import type { Entry } from './entry.ts'
import type { Tally } from './tally.ts'
import { TopCounts } from './top-counts.ts'

export interface Grouping {
  readonly windowMs: number
  readonly lateMs: number
  /** How many different paths are counted in a window; beyond twice as many, the rare are forgotten. */
  readonly maxPaths: number
}

export class Window {
  readonly startMs: number
  readonly paths: TopCounts
  requests = 0
  errors = 0
  bytes = 0

  constructor(startMs: number, maxPaths: number) {
    this.startMs = startMs
    this.paths = new TopCounts(maxPaths)
  }

  add({ path, status, bytes }: Entry): void {
    this.requests++
    this.bytes += bytes
    if (status >= 500) this.errors++
    this.paths.add(path)
  }
}

export async function* windowsOf(
  results: ReceiveChan<Result<Entry>>,
  { windowMs, lateMs, maxPaths }: Grouping,
  tally: Tally,
): AsyncGenerator<Window, void> {
  const startOf = (ms: number): number => Math.floor(ms / windowMs) * windowMs
  const open = new Map<number, Window>()
  /** All windows before that have been given out. */
  let completeMs = Number.NEGATIVE_INFINITY
  for await (const result of results) {
    if (!result.ok) {
      tally.addMalformed(result.error)
      continue
    }
    const entry = result.value
    const startMs = startOf(entry.atMs)
    if (startMs < completeMs) {
      tally.late++
      continue
    }
    const window = open.get(startMs) ?? new Window(startMs, maxPaths)
    open.set(startMs, window)
    window.add(entry)
    const nowCompleteMs = startOf(entry.atMs - lateMs)
    if (nowCompleteMs <= completeMs) continue
    completeMs = nowCompleteMs
    for (const complete of inOrder(open).filter(({ startMs }) => startMs < completeMs)) {
      open.delete(complete.startMs)
      yield complete
    }
  }
  yield* inOrder(open)
}

const inOrder = (windows: ReadonlyMap<number, Window>): Window[] =>
  [...windows.values()].sort((a, b) => a.startMs - b.startMs)
