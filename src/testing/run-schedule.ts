// One schedule of an explored body, from its beginning to its end.

import type { FailureKind } from '../errors/exploration-error.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { findCycles } from '../runtime/wait-for.ts'
import { type Bubble, runIn } from './bubble.ts'
import { ExploredTurns } from './explored-turns.ts'
import { ScheduleLog } from './schedule-log.ts'
import type { Strategy } from './strategy.ts'
import { Timeline } from './timeline.ts'
import { VirtualWorld } from './virtual-world.ts'

export interface Body {
  readonly fn: (t: Bubble) => GoroutineBody<unknown>
  readonly maxSteps: number
  readonly preempts: boolean
  readonly overlaps: boolean
}

export interface Failure {
  readonly kind: FailureKind
  readonly error: unknown
}

export interface ScheduleResult {
  readonly log: ScheduleLog
  /** How many turns were taken. */
  readonly steps: number
  readonly failure: Failure | undefined
  /** Whether generator goroutines kept the thread where production may take it from them. */
  readonly hasRunOn: boolean
  /** Whether awaiting goroutines could overlap, and did not. */
  readonly hasHopped: boolean
  readonly timeline: Timeline | undefined
}

/** Goroutines that outlive the body may take any time to end, as long as they do. */
const lingerMs = Number.POSITIVE_INFINITY

/** For so many turns all who could go on have only given way: they wait for time to pass. */
const maxPolls = 100

/** The schedule takes more steps than are allowed. */
class TooLong extends Error {}

/** With a cycle of waits it is a deadlock, beside which somebody is busy. */
function tooLong(world: VirtualWorld, maxSteps: number): TooLong {
  if (findCycles([...world.table]).length > 0) world.verdict = 'deadlock'
  const bound = `no end after ${maxSteps} steps, nor after as many more in turn; raise maxSteps if it does end`
  return new TooLong(`${bound}\n\n${world.dump()}`)
}

/** Runs `body` as `strategy` chooses; `records`: with sites, and a timeline of what happens. */
export async function runSchedule(body: Body, strategy: Strategy, records: boolean): Promise<ScheduleResult> {
  const log = new ScheduleLog(strategy)
  const turns = new ExploredTurns(log)
  let polls = 0
  const world = new VirtualWorld({
    decisions: log,
    turns,
    recordsSites: records,
    preempts: body.preempts,
    overlaps: body.overlaps,
    explores: true,
    graceMs: 0,
    lingerMs,
    onTurn() {
      if (log.divergence !== undefined) return log.divergence
      polls = turns.length > 0 && turns.allGaveWay ? polls + 1 : 0
      if (polls >= maxPolls && world.moveTime()) polls = 0
      if (world.turnsTaken < body.maxSteps) return undefined
      log.isTooLong = true
      turns.isFair = true
      return world.turnsTaken < 2 * body.maxSteps ? undefined : tooLong(world, body.maxSteps)
    },
  })
  const timeline = records ? new Timeline(world) : undefined
  let failure: Failure | undefined
  try {
    await runIn(world, body.fn)
  } catch (error) {
    if (log.divergence === undefined) failure = { kind: world.verdict ?? kindOf(error, world.isMainOver), error }
  } finally {
    timeline?.stop()
  }
  strategy.end(log)
  return { log, steps: world.turnsTaken, failure, hasRunOn: world.hasRunOn, hasHopped: world.hops.wereSeen, timeline }
}

function kindOf(error: unknown, isMainOver: boolean): FailureKind {
  if (error instanceof TooLong) return isMainOver ? 'leak' : 'livelock'
  return 'throw'
}
