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

/** @typedef {{ rival: import('./lib/rivals.mjs').Rival, node: string, program: Parameters<typeof launch>[0] }} Runner */

/** @type {Runner[]} */
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

/** @type {import('./lib/report.mjs').Row[]} */
const rows = []
const began = Date.now()
for (const scenario of options.scenarios) {
  const taking = runners
    .filter(({ rival }) => rival.scenarios === undefined || rival.scenarios.includes(scenario.id))
    .map((runner) => ({ ...runner, values: /** @type {number[]} */ ([]), words: '', version: '' }))
  const rounds = Math.min(options.rounds, scenario.maxRounds ?? options.rounds)
  for (let round = 0; round < rounds; round++) {
    for (const runner of taking) {
      if (runner.words !== '' || sitsOut(runner, scenario, round)) continue
      const outcome = await launch(runner.program, { rival: runner.rival.id, scenario, quick: options.quick })
      if (outcome.version !== '') runner.version = outcome.version
      if (outcome.trouble !== undefined) runner.words = outcome.trouble
      else if (outcome.unsupported !== undefined)
        runner.words = outcome.unsupported === '' ? 'not possible' : outcome.unsupported
      else runner.values[round] = /** @type {number} */ (outcome.value)
    }
  }
  rows.push({ scenario, cells: taking })
  process.stderr.write(`${scenario.id} (${Math.round((Date.now() - began) / 1000)} s)\n`)
}

const text = report(rows, {
  go: 'absent' in go ? undefined : go.version,
  nodes: nodes.map(({ version }) => version),
  rounds: options.rounds,
  quick: options.quick,
  seconds: Math.round((Date.now() - began) / 1000),
  ours: JSON.parse(readFileSync(local('../package.json'), 'utf8')).version,
})
console.log(text)
if (options.save) writeFileSync(local('RESULTS.md'), text)
