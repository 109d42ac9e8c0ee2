import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { rivals } from './rivals.mjs'
import { scenarios } from './scenarios.mjs'

const resultsFile = new URL('../RESULTS.md', import.meta.url).pathname

const help = `node bench/run.mjs [options]

  --scenario ID[,ID]   only these, or all of a group (--list names both); may be repeated
  --rival ID[,ID]      only these; "warren" stands for both of its styles
  --rounds N           alternating rounds, 5 unless told
  --node PATH          a Node binary, one column each; may be repeated. Unless told: this one and Node 24 where installed
  --clock cpu|wall     cpu unless told: the processor time of all threads of a process
  --quick              small sizes, 2 rounds, our own and Go only unless --rival says otherwise
  --dry                print, but leave RESULTS.md as it is (so does naming scenarios or rivals)
  --out FILE           write the tables there instead
  --list               the scenarios and rivals`

/** Reads the command line. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', multiple: true, default: [] },
      rival: { type: 'string', multiple: true, default: [] },
      node: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      clock: { type: 'string', default: 'cpu' },
      quick: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
      out: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) leave(help)
  if (values.list) {
    const lines = scenarios.map(
      ({ id, group, what, unit }) => `  ${id.padEnd(24)}${group.padEnd(14)}${unit.padEnd(4)}${what}`,
    )
    leave(`Scenarios\n${lines.join('\n')}\n\nRivals\n  ${rivals.map(({ id }) => id).join(' ')}`)
  }
  const wantedScenarios = values.scenario.flatMap((list) => list.split(','))
  const wantedRivals = values.rival
    .flatMap((list) => list.split(','))
    .flatMap((id) => (id === 'warren' ? ['warren', 'warren-async'] : id === 'warren-generator' ? ['warren'] : [id]))
  check('scenario', wantedScenarios, [...scenarios, ...scenarios.map(({ group }) => ({ id: group }))])
  check('rival', wantedRivals, rivals)
  const whole = wantedScenarios.length === 0 && wantedRivals.length === 0
  return {
    quick: values.quick,
    clock: values.clock,
    save: values.out ?? (whole && !values.dry && !values.quick ? resultsFile : undefined),
    rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
    nodes: values.node.length > 0 ? values.node : usualNodes(values.quick),
    scenarios: scenarios.filter(
      ({ id, group }) =>
        wantedScenarios.length === 0 || wantedScenarios.includes(id) || wantedScenarios.includes(group),
    ),
    rivals: rivals.filter(({ id, kind }) =>
      wantedRivals.length > 0 ? wantedRivals.includes(id) : !values.quick || kind !== 'peer',
    ),
  }
}

/**
 * This Node, and Node 24 from the devDependency `node24` of this folder or of the package.
 *
 * @param {boolean} quick
 */
function usualNodes(quick) {
  if (quick) return [process.execPath]
  const installed = ['../node_modules/node24/bin/node', '../../node_modules/node24/bin/node']
    .map((path) => new URL(path, import.meta.url).pathname)
    .filter((path) => existsSync(path))
  if (process.version.startsWith('v24.') || installed.length === 0) return [process.execPath]
  return [/** @type {string} */ (installed[0]), process.execPath]
}

/**
 * @param {string} kind
 * @param {readonly string[]} wanted
 * @param {readonly { id: string }[]} known
 */
function check(kind, wanted, known) {
  for (const id of wanted) {
    if (!known.some((one) => one.id === id)) leave(`no such ${kind}: ${id} (--list names them)`, 1)
  }
}

/**
 * @param {string} text
 * @param {number} [status]
 * @returns {never}
 */
function leave(text, status = 0) {
  ;(status === 0 ? console.log : console.error)(text)
  process.exit(status)
}
