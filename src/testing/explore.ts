// Running a body under many schedules, to find the one in which it fails.
import { invalidType, outOfRange, requireFunction, requireInteger, requireObject } from '../errors/argument.ts'
import { ExplorationError } from '../errors/exploration-error.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Bubble } from './bubble.ts'
import { DfsStrategy } from './dfs.ts'
import { enterTime } from './enter.ts'
import { type ExplorationPlace, isOfSameFile, placeOfCaller } from './exploration-id.ts'
import { PctStrategy } from './pct.ts'
import { ReplayStrategy } from './replay.ts'
import { describeFailure, divergedError } from './report.ts'
import { type Body, runSchedule } from './run-schedule.ts'
import type { Recorded } from './schedule-log.ts'
import { decodeToken } from './schedule-token.ts'
import { RandomStrategy, type Strategy } from './strategy.ts'

export interface ExploreOptions {
  /**
   * How the schedules are chosen. `random` (the default): each choice uniformly. `pct`: random priorities with few changes,
   * which finds bugs that need few switches in long programs. `dfs`: all of them, one after the other. `replay`: the
   * one in `token`.
   */
  readonly strategy?: 'random' | 'pct' | 'dfs' | 'replay' | undefined
  /** How many schedules to run at most; default 1,000, and 100,000 for `dfs`. */
  readonly schedules?: number | undefined
  /**
   * `pct`: how many ordered events the bug takes, default 3. `dfs`: how often a schedule may switch away from a
   * goroutine that could go on; default: without bound. Most bugs take one or two.
   */
  readonly depth?: number | undefined
  /** What random choices are made from; default: random, and printed with a failure. */
  readonly seed?: number | undefined
  /** A schedule that takes more turns than these is a livelock; default 10,000. */
  readonly maxSteps?: number | undefined
  /**
   * Whether every channel and lock operation of a generator goroutine is a choice too; default false, and then only in every
   * other schedule of `random` and `pct`.
   */
  readonly preemption?: boolean | undefined
  /** The schedule to replay, and nothing else. */
  readonly token?: string | undefined
}

/** What an exploration without a failure has done. */
export interface ExplorationReport {
  readonly schedules: number
  /** Turns taken, in all schedules. */
  readonly steps: number
  readonly seed: number
  /** Whether these were all schedules whose turns do not overlap, and in which time moves only when all wait (`dfs` only). */
  readonly isAll: boolean
  /**
   * Whether, but for the time that may pass meanwhile, production has no others either: no generator goroutine could have been
   * overtaken at an operation and was not (see `preemption`), and none awaited promises that are not warren's, between which
   * others may go on.
   */
  readonly isProof: boolean
  /** How many schedules came to `maxSteps`, and ended only when everybody then had his turn in order. */
  readonly unfair: number
}

/** A test body that explores; `report` tells of its last run. */
export interface Exploration {
  (): Promise<void>
  readonly report: ExplorationReport | undefined
}

const defaults = { schedules: 1000, dfsSchedules: 100_000, depth: 3, maxSteps: 10_000 }

/**
 * Makes a test body run under many schedules: `test('name', explore({ strategy: 'pct' }, async () => { ... }))`.
 *
 * Each schedule is a {@link bubble} of its own, in which the order is chosen wherever it is free: which of the
 * goroutines that can go on does, which of the ready cases of a select is taken, which of several timers that are due
 * together fires. An awaiting goroutine can be overtaken at every channel and lock operation, a generator goroutine where
 * it waits (at every operation with `preemption`, and in every other schedule of `random` and `pct`). The body must make all its state anew, and be the same each time.
 * In what order the engine goes on after promises that are not warren's is not chosen; but `random` and `pct` let turns of
 * awaiting goroutines overlap in every other schedule, as they do in production, and `dfs` does not.
 *
 * `dfs` tells on the console whether it has run all schedules there are. When `WARREN_REPLAY` is set, that schedule is
 * replayed instead; an exploration to which it does not belong does nothing, and says so on the console.
 * @returns a function that explores each time it is called. It rejects with {@link ExplorationError} at the first
 * schedule that fails: the body or a goroutine throws, all are blocked, some are left blocked at its end, or it does not end.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE` for wrong options; as rejections: `ERR_OUT_OF_RANGE` for a
 * `WARREN_REPLAY` that is no token, `ERR_INVALID_OPERATION` inside a bubble, `ERR_EXPLORATION_DIVERGED` (an
 * {@link ExplorationError}) when the body is not deterministic or a replay leaves the recorded schedule.
 * @example
 * const test = explore({ strategy: 'dfs' }, async () => {
 *   const mu = new Mutex()
 *   const wg = new WaitGroup()
 *   let count = 0
 *   for (let i = 0; i < 2; i++) {
 *     wg.go(async () => {
 *       using _ = await mu.lock()
 *       const before = count
 *       await gosched()
 *       count = before + 1
 *     })
 *   }
 *   await wg.wait()
 *   if (count !== 2) throw new Error(`lost an update: ${count}`)
 * })
 * await test()
 * console.log(test.report?.isProof) // true
 */
export function explore(options: ExploreOptions, fn: (t: Bubble) => GoroutineBody<unknown>): Exploration {
  requireOptions(options)
  requireFunction('fn', fn)
  const place = placeOfCaller()
  const given = options.token === undefined ? undefined : decodeToken(options.token)
  const body: Body = {
    fn,
    maxSteps: options.maxSteps ?? defaults.maxSteps,
    preempts: options.preemption ?? false,
    overlaps: false,
  }
  const exploration = async (): Promise<void> => {
    exploration.report = undefined
    const token = scheduler.host.env('WARREN_REPLAY')
    const recorded = given ?? (token === undefined || token === '' ? undefined : decodeToken(token, 'WARREN_REPLAY'))
    exploration.report = await enterTime('explore', () =>
      recorded === undefined ? search(body, options, place) : replay(body, recorded, place, given !== undefined),
    )
  }
  exploration.report = undefined as ExplorationReport | undefined
  return exploration
}

function requireOptions(options: ExploreOptions): void {
  requireObject('options', options)
  const { strategy, schedules, depth, seed, maxSteps, preemption, token } = options
  if (strategy !== undefined && !['random', 'pct', 'dfs', 'replay'].includes(strategy))
    throw outOfRange('strategy', "'random', 'pct', 'dfs' or 'replay'", strategy)
  if (schedules !== undefined) requireInteger('schedules', schedules, 1)
  if (depth !== undefined) requireInteger('depth', depth, 1)
  if (seed !== undefined) requireInteger('seed', seed, 0)
  if (maxSteps !== undefined) requireInteger('maxSteps', maxSteps, 1)
  if (preemption !== undefined && typeof preemption !== 'boolean')
    throw invalidType('preemption', 'a boolean', preemption)
  if (token !== undefined && typeof token !== 'string') throw invalidType('token', 'a string', token)
  if (strategy === 'replay' && token === undefined) throw invalidType('token', 'the schedule to replay', token)
  if (token !== undefined && strategy !== undefined && strategy !== 'replay')
    throw outOfRange('strategy', "'replay', as there is a token", strategy)
}

function makeStrategy({ strategy, depth }: ExploreOptions, seed: number): Strategy {
  if (strategy === 'dfs') return new DfsStrategy(depth ?? Number.POSITIVE_INFINITY)
  if (strategy === 'pct') return new PctStrategy(seed, depth ?? defaults.depth)
  return new RandomStrategy(seed)
}

async function search(body: Body, options: ExploreOptions, place: ExplorationPlace): Promise<ExplorationReport> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const first = makeStrategy(options, seed)
  const isDfs = first instanceof DfsStrategy
  // Every other schedule as production has it, where turns overlap: far too many to have them all. They are longer.
  const second = isDfs ? first : makeStrategy(options, seed + 1)
  const most = options.schedules ?? (isDfs ? defaults.dfsSchedules : defaults.schedules)
  let schedules = 0
  let steps = 0
  let unfair = 0
  let isExhausted = false
  let hasRunOn = false
  let hasHopped = false
  while (schedules < most) {
    const strategy = schedules % 2 === 0 ? first : second
    if (!strategy.begin()) {
      isExhausted = true
      break
    }
    const shaped = { ...body, overlaps: !isDfs && strategy === second }
    const result = await runSchedule(shaped, strategy, false)
    schedules++
    steps += result.steps
    if (result.log.isTooLong) unfair++
    if (result.hasRunOn) hasRunOn = true
    if (result.hasHopped) hasHopped = true
    const facts = { seed, schedules, place, strategy: options.strategy ?? 'random' }
    if (result.log.divergence !== undefined) throw divergedError(shaped, result, result.log.divergence.message, facts)
    if (result.failure !== undefined) throw await describeFailure(shaped, result, facts)
  }
  const isAll = isDfs && isExhausted && !first.isBounded && unfair === 0
  const report = { schedules, steps, seed, isAll, isProof: isAll && !hasRunOn && !hasHopped, unfair }
  if (isDfs) {
    const rest = [
      ...(unfair > 0 ? [`${unfair} of which only ended when all had their turn in order`] : []),
      ...(hasRunOn ? ['without those in which a generator goroutine is overtaken (preemption: true)'] : []),
      ...(hasHopped ? ['without those in which goroutines overlap between awaits of their own (random has them)'] : []),
    ]
    console.log(`explore: ${howFar(report, options.depth, isExhausted)}${rest.map((it) => `, ${it}`).join('')}`)
  }
  return report
}

function howFar({ schedules, isProof }: ExplorationReport, switches: number | undefined, isExhausted: boolean): string {
  if (isProof) return `dfs proved the whole space: no failure in any of its ${schedules} schedules`
  if (!isExhausted) return `dfs did not reach the end: no failure in ${schedules} schedules`
  return `dfs ran all schedules${switches === undefined ? '' : ` of at most ${switches} switches`}: no failure in ${schedules}`
}

/** `isAsked`: by an option of this very exploration, and not by a variable that is meant for one of many. */
async function replay(
  body: Body,
  recorded: Recorded,
  place: ExplorationPlace,
  isAsked: boolean,
): Promise<ExplorationReport> {
  const strategy = new ReplayStrategy(recorded)
  strategy.begin()
  const recordedBody = { ...body, preempts: recorded.preempts, overlaps: recorded.overlaps }
  const result = await runSchedule(recordedBody, strategy, true)
  const facts = { seed: 0, schedules: 1, place: { ...place, id: recorded.explorationId }, strategy: 'replay' as const }
  const isMeant = isAsked || recorded.explorationId === place.id
  if (
    result.failure !== undefined &&
    strategy.divergence === undefined &&
    (isMeant || !isOfSameFile(recorded, place))
  ) {
    throw await describeFailure(recordedBody, result, facts)
  }
  if (!isMeant) {
    console.log('explore: not replayed, WARREN_REPLAY is the schedule of another exploration')
  } else if (strategy.divergence !== undefined) {
    throw divergedError(body, result, strategy.divergence, facts)
  }
  return {
    schedules: 1,
    steps: result.steps,
    seed: 0,
    isAll: false,
    isProof: false,
    unfair: result.log.isTooLong ? 1 : 0,
  }
}
