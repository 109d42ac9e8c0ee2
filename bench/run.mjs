// The benchmarks: `node bench/run.mjs --help`. Every measurement is a process of its own; rivals alternate, round by round.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildGo } from './lib/go.mjs'
import { launch } from './lib/launch.mjs'
import { readOptions } from './lib/options.mjs'
import { report } from './lib/report.mjs'

const options = readOptions()
const local = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
if (options.rivals.some(({ kind }) => kind === 'ours') && !existsSync(local('../dist/index.js'))) {
  console.error('no ../dist/index.js: run `npm run build` first')
  process.exit(1)
}

const go = buildGo()
if ('absent' in go) console.log(go.absent)

const nodes = options.nodes.map((command) => ({
  command,
  version: spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout.trim(),
}))

/** @typedef {import('./lib/report.mjs').Cell & { program: Parameters<typeof launch>[0] }} Runner */

/** @type {Pick<Runner, 'rival' | 'node' | 'program'>[]} */
const runners = options.rivals.flatMap((rival) => {
  if (rival.kind === 'go') {
    return 'absent' in go
      ? []
      : [{ rival, node: '', program: { command: go.command, args: [], env: { GOMAXPROCS: '1' } } }]
  }
  return nodes.map(({ command, version }) => ({
    rival,
    node: version,
    program: { command, args: ['--expose-gc', local(`rivals/${rival.id}.mjs`)] },
  }))
})

/**
 * Peers take part in every other round, in the long scenarios once: most of them need ten times as long as we do.
 *
 * @param {Runner} runner
 * @param {import('./lib/scenarios.mjs').Scenario} scenario
 * @param {number} round
 */
function sitsOut({ rival }, scenario, round) {
  return rival.kind === 'peer' && (scenario.maxRounds === undefined ? round % 2 === 1 : round > 0)
}

/**
 * One round of one scenario: everybody in turn.
 *
 * @param {import('./lib/report.mjs').Row & { cells: Runner[] }} row
 * @param {number} round
 */
async function play({ scenario, cells }, round) {
  for (const cell of cells) {
    if (cell.words !== '' || sitsOut(cell, scenario, round)) continue
    const outcome = await launch(cell.program, {
      rival: cell.rival.id,
      peer: cell.rival.kind === 'peer',
      scenario,
      quick: options.quick,
      clock: options.clock,
    })
    if (outcome.version !== '') cell.version = outcome.version
    if (outcome.trouble !== undefined) cell.words = outcome.trouble
    else if (outcome.unsupported !== undefined) cell.words = outcome.unsupported || 'not possible'
    else cell.values[round] = /** @type {number} */ (outcome.value)
  }
}

const rows = options.scenarios.map((scenario) => ({
  scenario,
  cells: runners
    .filter(({ rival }) => rival.scenarios === undefined || rival.scenarios.includes(scenario.id))
    .map((runner) => ({ ...runner, values: /** @type {number[]} */ ([]), words: '', version: '' })),
}))

// Round by round over all scenarios, and not scenario by scenario: a bad minute of the machine then spoils one round of
// some scenarios and not most rounds of one.
const began = Date.now()
for (let round = 0; round < options.rounds; round++) {
  for (const row of rows) if (round < (row.scenario.maxRounds ?? options.rounds)) await play(row, round)
  process.stderr.write(`round ${round + 1} of ${options.rounds} (${Math.round((Date.now() - began) / 1000)} s)\n`)
}

const text = report(rows, {
  go: 'absent' in go ? undefined : go.version,
  nodes: nodes.map(({ version }) => version),
  rounds: options.rounds,
  quick: options.quick,
  clock: options.clock,
  seconds: Math.round((Date.now() - began) / 1000),
  ours: JSON.parse(readFileSync(local('../package.json'), 'utf8')).version,
})
console.log(text)
if (options.save !== undefined) writeFileSync(options.save, text)
