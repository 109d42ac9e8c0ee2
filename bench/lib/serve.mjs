/**
 * The inside of one measuring process: one rival, one scenario, one JSON line.
 *
 * @typedef {((n: number) => number | Promise<number>) & { prepare?: () => Promise<unknown> }} Batch does n operations, returns
 *   how many it has counted; prepares before the clock runs
 * @typedef {(n: number) => Promise<{ value: number, counted: number }>} Probe measures something else than time
 * @typedef {Record<string, Batch | Probe | string>} Sides by scenario; a string says why this rival has no such thing
 * @typedef {{ rival: string, version: string, scenario: string, value?: number, ops?: number, samples?: number[],
 *   unsupported?: string, trouble?: string }} Outcome
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { scenarioOf } from './scenarios.mjs'

/** In ms. The processor time is that of all threads, those of the compiler and the collector too. */
const clocks = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/**
 * @param {string} rival
 * @param {string} packageJson the path of the rival's package.json, from this folder's parent; '' for the platform itself
 * @param {Sides | ((group: string) => Promise<Sides>)} sides
 */
export async function serve(rival, packageJson, sides) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scenario: { type: 'string' },
      count: { type: 'string' },
      step: { type: 'string' },
      warmup: { type: 'string', default: '200' },
      sample: { type: 'string', default: '20' },
      samples: { type: 'string' },
      clock: { type: 'string', default: 'cpu' },
    },
  })
  const scenario = scenarioOf(values.scenario ?? positionals[0] ?? '')
  if (scenario === undefined) throw new Error('which scenario?')
  const count = Number(values.count ?? scenario.count ?? 0)
  const step = Number(values.step ?? scenario.step ?? 1)
  const samples = Number(values.samples ?? scenario.samples ?? 6)

  /** @type {Outcome} */
  const outcome = { rival, version: versionOf(packageJson), scenario: scenario.id }
  try {
    const side = (typeof sides === 'function' ? await sides(scenario.group) : sides)[scenario.id]
    if (side === undefined || typeof side === 'string') outcome.unsupported = side ?? ''
    else if (scenario.kind === 'probe') await probe(/** @type {Probe} */ (side), count, outcome)
    else
      await measure(
        /** @type {Batch} */ (side),
        {
          count,
          step,
          samples,
          warmup: Number(values.warmup),
          sample: Number(values.sample),
          now: clocks[values.clock === 'wall' ? 'wall' : 'cpu'],
        },
        outcome,
      )
  } catch (error) {
    outcome.trouble = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
  // A rival may leave goroutines or timers behind: the answer is written, the process ends.
  process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0))
}

/** @param {string} packageJson */
function versionOf(packageJson) {
  if (packageJson === '') return process.version
  return JSON.parse(readFileSync(new URL(`../${packageJson}`, import.meta.url), 'utf8')).version
}

/**
 * @param {Probe} side
 * @param {number} count
 * @param {Outcome} outcome
 */
async function probe(side, count, outcome) {
  const { value, counted } = await side(count)
  outcome.value = value
  outcome.ops = counted
  if (counted !== count) outcome.trouble = `counted ${counted} of ${count}`
}

/**
 * Finds a batch size worth one sample while the compiler warms up, then takes the lower quartile of some samples: what else
 * happens on a shared machine only ever makes a sample longer, and twice as long where another process uses the same core.
 *
 * @param {Batch} side
 * @param {{ count: number, step: number, samples: number, warmup: number, sample: number, now: () => number }} plan
 * @param {Outcome} outcome
 */
async function measure(side, plan, outcome) {
  await side.prepare?.()
  let n = plan.count > 0 ? plan.count : plan.step
  const began = plan.now()
  let took = 0
  do {
    took = await timed(side, n, plan.now)
    // What takes seconds has warmed up on its way.
    if (plan.count > 0 && took > 1000) return conclude(outcome, n, [(took * 1e6) / n])
    if (plan.count > 0 || took > plan.sample * 0.7) continue
    const grow = Math.min(8, plan.sample / (took + 0.001))
    n = (Math.floor((n * grow) / plan.step) + 1) * plan.step
  } while (plan.now() - began < plan.warmup || (plan.count === 0 && took < plan.sample / 2))
  const perOp = []
  for (let i = 0; i < plan.samples; i++) perOp.push(((await timed(side, n, plan.now)) * 1e6) / n)
  conclude(outcome, n, perOp)
}

/**
 * @param {Outcome} outcome
 * @param {number} n
 * @param {number[]} perOp
 */
function conclude(outcome, n, perOp) {
  perOp.sort((a, b) => a - b)
  outcome.value = perOp[(perOp.length - 1) >> 2] ?? Number.NaN
  outcome.samples = perOp.map((ns) => Math.round(ns * 100) / 100)
  outcome.ops = n
}

/**
 * @param {Batch} side
 * @param {number} n
 * @param {() => number} now
 */
async function timed(side, n, now) {
  const start = now()
  const counted = await side(n)
  const took = now() - start
  if (counted !== n) throw new RangeError(`counted ${counted} of ${n}`)
  return took
}
