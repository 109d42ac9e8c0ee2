// Making a failing schedule simple: as few choices as possible that are not the default (who ran last goes on), so that
// what is left is the switches that matter. Delta debugging (Zeller, Hildebrandt 2002) on the list of choices.

import { panicMessage } from '../runtime/panic.ts'
import { formatFrames } from '../runtime/site.ts'
import { GuidedStrategy } from './replay.ts'
import { type Body, type Failure, runSchedule, type ScheduleResult } from './run-schedule.ts'

/** How many turns it may take, and how many runs: the same on every machine. */
const budgetTurns = 500_000
const budgetRuns = 2000

export async function shrink(body: Body, failing: ScheduleResult): Promise<readonly number[]> {
  const failure = failing.failure!
  let turns = 0
  let runs = 0
  let best = trimmed(failing.log.chosen)

  /** Whether the schedule fails in the same way; it is then the best. */
  async function fails(chosen: readonly number[]): Promise<boolean> {
    runs++
    const strategy = new GuidedStrategy(chosen)
    strategy.begin()
    const result = await runSchedule(body, strategy, false)
    turns += result.steps
    if (result.failure === undefined || !isSame(result.failure, failure)) return false
    const found = trimmed(result.log.chosen)
    if (!isSimpler(found, best)) return false
    best = found
    return true
  }

  const isSpent = (): boolean => runs >= budgetRuns || turns >= budgetTurns

  for (let size = best.length; size >= 1 && !isSpent(); size = Math.floor(size / 2)) {
    for (let end = best.length; end > 0 && !isSpent(); end -= size) {
      const start = Math.max(0, end - size)
      const part = best.slice(start, end)
      if (part.every((chosen) => chosen === 0)) continue
      await fails([...best.slice(0, start), ...part.map(() => 0), ...best.slice(end)])
    }
  }
  return best
}

/** Whether two schedules show the same bug, as far as can be told: the same kind, message (numbers aside) and place. */
export function isSame(a: Failure, b: Failure): boolean {
  return a.kind === b.kind && (a.kind !== 'throw' || pictureOf(a.error) === pictureOf(b.error))
}

function pictureOf(error: unknown): string {
  const message = panicMessage(error).replace(/\d+/g, '0')
  if (!(error instanceof Error)) return `${typeof error} ${message}`
  return `${error.name} ${message} ${formatFrames(error.stack ?? '')?.split('\n')[1] ?? ''}`
}

/** Fewer switches, or as many and shorter. */
function isSimpler(a: readonly number[], b: readonly number[]): boolean {
  const switches = (chosen: readonly number[]): number => chosen.filter((choice) => choice !== 0).length
  return switches(a) < switches(b) || (switches(a) === switches(b) && a.length < b.length)
}

function trimmed(chosen: readonly number[]): number[] {
  let length = chosen.length
  while (length > 0 && chosen[length - 1] === 0) length--
  return chosen.slice(0, length)
}
