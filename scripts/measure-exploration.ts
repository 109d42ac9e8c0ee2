// How soon exploration finds a bug, and how fast it goes: for each program of test/testing/bugs the schedules to the first
// failure, by strategy, over several seeds; and steps per second of programs without a bug.
import { ExplorationError, type ExploreOptions, explore } from 'warren/testing'
import { channelBugs } from '../test/testing/bugs/channels.ts'
import { groupBugs } from '../test/testing/bugs/groups.ts'
import { lockBugs } from '../test/testing/bugs/locks.ts'
import type { BugProgram } from '../test/testing/bugs/program.ts'

const programs = [...lockBugs, ...channelBugs, ...groupBugs]
const seeds = Array.from({ length: 15 }, (_, index) => index + 1)
const most = 10_000

async function schedulesToFailure(options: ExploreOptions, program: BugProgram): Promise<number> {
  try {
    await explore({ preemption: true, schedules: most, ...options }, program.broken)()
  } catch (error) {
    if (error instanceof ExplorationError) return error.schedules
    throw error
  }
  return Number.POSITIVE_INFINITY
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

async function stepsPerSecond(options: ExploreOptions, program: BugProgram): Promise<number> {
  const check = explore({ preemption: true, schedules: 3000, ...options }, program.fixed)
  await check() // warms up
  const start = performance.now()
  await check()
  return (check.report!.steps / (performance.now() - start)) * 1000
}

console.log(`Node ${process.version}. Schedules to the first failure, median of ${seeds.length} seeds (worst).`)
console.log('| program | random | pct | dfs |\n|---|---|---|---|')
for (const program of programs) {
  const cells = [program.name]
  for (const strategy of ['random', 'pct'] as const) {
    const found: number[] = []
    for (const seed of seeds) found.push(await schedulesToFailure({ strategy, seed }, program))
    cells.push(`${median(found)} (${Math.max(...found)})`)
  }
  cells.push(String(await schedulesToFailure({ strategy: 'dfs' }, program)))
  console.log(`| ${cells.join(' | ')} |`)
}

const rates: { readonly name: string; readonly rate: number }[] = []
for (const program of programs) rates.push({ name: program.name, rate: await stepsPerSecond({ seed: 1 }, program) })
rates.sort((a, b) => a.rate - b.rate)
const slowest = rates[0]!
const middle = rates[Math.floor(rates.length / 2)]!
console.log(
  `\nSteps per second over ${programs.length} small programs: median ${Math.round(middle.rate)}, least ${Math.round(slowest.rate)} (${slowest.name}).`,
)
