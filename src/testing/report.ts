// The report of a failing schedule: what failed, what everybody did, and how to run it again.
import { ExplorationError } from '../errors/exploration-error.ts'
import { panicMessage } from '../runtime/panic.ts'
import { formatFrames } from '../runtime/site.ts'
import type { ExplorationPlace } from './exploration-id.ts'
import { GuidedStrategy } from './replay.ts'
import { replayCommand } from './replay-command.ts'
import { type Body, type Failure, runSchedule, type ScheduleResult } from './run-schedule.ts'
import { encodeToken } from './schedule-token.ts'
import { isSame, shrink } from './shrink.ts'
import { findCycle, formatTimeline, type TimelineEntry } from './timeline.ts'

export interface SearchFacts {
  readonly seed: number
  readonly schedules: number
  readonly place: ExplorationPlace
  readonly strategy: string
}

/** How many lines of a timeline are in the message; the error has all. */
const shownLines = 80

/** Shrinks a failing schedule and runs it once more with a timeline. */
export async function describeFailure(
  body: Body,
  found: ScheduleResult,
  facts: SearchFacts,
): Promise<ExplorationError> {
  const again = await rerun(
    body,
    found.failure!,
    facts.strategy === 'replay' ? found.log.chosen : await shrink(body, found),
  )
  const last = again ?? found
  const { kind, error } = last.failure!
  const entries = last.timeline?.entries ?? []
  const token = encodeToken(last.log, { ...body, explorationId: facts.place.id })
  const message = [
    `${kind} in ${nameOfSchedule(facts)}`,
    whatFailed(last.failure!),
    again === undefined
      ? 'it failed so only once: the body is not deterministic, or depends on something outside the bubble'
      : whatHappened(again),
    `replay: ${replayCommand(token, facts.place.file)}`,
  ].join('\n\n')
  return new ExplorationError(
    'ERR_EXPLORATION',
    message,
    {
      kind,
      seed: facts.seed,
      token,
      timeline: formatTimeline(entries),
      schedules: facts.schedules,
      steps: last.steps,
    },
    { cause: error },
  )
}

function nameOfSchedule({ schedules, strategy, seed }: SearchFacts): string {
  if (strategy === 'replay') return 'the replayed schedule'
  return `schedule ${schedules} of ${strategy}${strategy === 'dfs' ? '' : `, seed ${seed}`}`
}

function whatHappened({ failure, timeline, steps }: ScheduleResult): string {
  const entries = timeline?.entries ?? []
  if (failure?.kind === 'livelock') return formatLivelock(entries)
  return `timeline (${steps} steps):\n${formatTimeline(entries, shownLines)}`
}

function whatFailed({ kind, error }: Failure): string {
  const frames = kind === 'throw' && error instanceof Error ? formatFrames(error.stack ?? '') : undefined
  const name = kind === 'throw' && error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : ''
  return `${name}${panicMessage(error)}${frames === undefined ? '' : `\n${frames}`}`
}

/** With sites and a timeline; undefined if it does not fail so any more. */
async function rerun(body: Body, failure: Failure, chosen: readonly number[]): Promise<ScheduleResult | undefined> {
  const strategy = new GuidedStrategy(chosen)
  strategy.begin()
  const again = await runSchedule(body, strategy, true)
  return again.failure !== undefined && isSame(again.failure, failure) ? again : undefined
}

function formatLivelock(entries: readonly TimelineEntry[]): string {
  const cycle = findCycle(entries)
  if (cycle === undefined) return `the last of what it did:\n${formatTimeline(entries.slice(-shownLines))}`
  return `it repeats for ever:\n${formatTimeline(cycle)}`
}

/** The body did something else under the same choices. */
export function divergedError(
  body: Body,
  result: ScheduleResult,
  divergence: string,
  { seed, schedules, place, strategy }: SearchFacts,
): ExplorationError {
  const why =
    strategy === 'replay'
      ? 'the replay diverged: the program is not the one that was recorded, or not deterministic'
      : 'the body is not deterministic: it must make its state anew each time, and depend on nothing outside the bubble'
  return new ExplorationError('ERR_EXPLORATION_DIVERGED', `${why}\n\n${divergence}`, {
    kind: undefined,
    seed,
    token: encodeToken(result.log, { ...body, explorationId: place.id }),
    timeline: formatTimeline(result.timeline?.entries ?? []),
    schedules,
    steps: result.steps,
  })
}
