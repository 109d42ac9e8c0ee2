/**
 * The tables.
 *
 * @typedef {object} Cell what one rival on one Node did: one value a round, or words
 * @property {import('./rivals.mjs').Rival} rival
 * @property {string} node '' for Go
 * @property {number[]} values by round, with holes where the rival did not take part
 * @property {string} words why there is no number
 * @property {string} version
 *
 * @typedef {{ scenario: import('./scenarios.mjs').Scenario, cells: Cell[] }} Row
 * @typedef {{ go: string | undefined, nodes: string[], rounds: number, quick: boolean, clock: string, seconds: number, ours: string }} About
 */
import os from 'node:os'
import { bestPeers } from './best-peer.mjs'
import { against, major, shown } from './cells.mjs'
import { median, number, ratio, table } from './text.mjs'

/**
 * @param {readonly Row[]} rows
 * @param {About} about
 */
export function report(rows, about) {
  const parts = ['# Results', machine(rows, about)]
  parts.push('## warren and Go', againstGo(rows, about.nodes), units(rows))
  parts.push('## Floors', floors(rows, about.nodes))
  if (rows.some(({ cells }) => cells.some(({ rival }) => rival.kind === 'peer')))
    parts.push('## The best peer', bestPeers(rows, about.nodes), '## Peers', againstPeers(rows, about.nodes))
  return `${parts.join('\n\n')}\n`
}

/**
 * @param {readonly Row[]} rows
 * @param {About} about
 */
function machine(rows, about) {
  /** @type {Map<string, string>} */
  const versions = new Map()
  for (const { cells } of rows) {
    for (const { rival, node, version } of cells)
      if (rival.kind === 'peer' && version !== '' && version !== node) versions.set(rival.label, version)
  }
  const peers = [...versions].map(([label, version]) => `\`${label}@${version}\``)
  return [
    `* ${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} processors, ${os.type()} ${os.machine()}`,
    `* warren ${about.ours}; Node ${about.nodes.join(', ')}; ${about.go === undefined ? 'Go: not installed' : `Go ${about.go}, GOMAXPROCS=1`}`,
    ...(peers.length === 0 ? [] : [`* ${peers.join(', ')}`]),
    `* median of ${about.rounds} alternating rounds${about.quick ? ' (--quick: small sizes)' : ''}; every number is a process of its own, which warms up,`,
    '  counts what it did, and takes the lower quartile of its samples; a ratio is the median of the ratios of the rounds; peers take part in every other round',
    about.clock === 'wall' ? '* time is wall clock time' : '* time is the processor time of all threads of a process',
    `* took ${about.seconds} s`,
  ].join('\n')
}

const styles = /** @type {const} */ (['generator', 'async'])

/**
 * @param {readonly Row[]} rows
 * @param {readonly string[]} nodes
 */
function againstGo(rows, nodes) {
  const columns = styles.flatMap((style) => nodes.map((node) => ({ style, node })))
  return table(
    ['Scenario', 'unit', 'Go', ...columns.flatMap(({ style, node }) => [`${style}, Node ${major(node)}`, 'to Go'])],
    rows.map(({ scenario, cells }) => {
      const go = cells.find(({ rival }) => rival.kind === 'go')
      const ours = columns.flatMap(({ style, node }) => {
        const cell = cells.find((one) => one.rival.style === style && one.node === node)
        return [shown(cell), hasRatio(scenario) ? ratio(against(cell, go)) : '']
      })
      return [scenario.id, scenario.unit, shown(go), ...ours]
    }),
  )
}

/**
 * What is about zero has no ratio.
 *
 * @param {import('./scenarios.mjs').Scenario} scenario
 */
function hasRatio({ id, unit }) {
  return unit !== 'ms' && unit !== 'MB' && id !== 'select-growth'
}

/** @param {readonly Row[]} rows */
function units(rows) {
  return ['One operation:', ...rows.map(({ scenario }) => `* ${scenario.id}: ${scenario.what}`)].join('\n')
}

/**
 * The accepted limits, and whether they hold.
 *
 * @param {readonly Row[]} rows
 * @param {readonly string[]} nodes
 */
function floors(rows, nodes) {
  const lines = []
  for (const { scenario, cells } of rows) {
    const go = cells.find(({ rival }) => rival.kind === 'go')
    for (const style of styles) {
      const ours = cells.filter((cell) => cell.rival.style === style)
      const floor = scenario.floor?.[style]
      const limit = scenario.limit?.[style]
      if (ours.length > 0 && floor !== undefined && go !== undefined)
        lines.push(verdict(scenario.id, style, `${floor} of Go`, ours, nodes, (cell) => against(cell, go), floor))
      if (ours.length > 0 && limit !== undefined)
        lines.push(
          verdict(scenario.id, style, `${limit} ${scenario.unit}`, ours, nodes, (cell) => median(cell.values), limit),
        )
    }
    const generator = (/** @type {string} */ node) =>
      cells.find((cell) => cell.rival.style === 'generator' && cell.node === node)
    const peers = cells.filter(({ rival, values }) => rival.kind === 'peer' && values.length > 0)
    const least = ahead(scenario)
    if (least === undefined || generator(nodes[0] ?? '') === undefined) continue
    for (const id of new Set(peers.map(({ rival }) => rival.id))) {
      const of = peers.filter(({ rival }) => rival.id === id)
      const measured = nodes.map((node) =>
        against(
          of.find((cell) => cell.node === node),
          generator(node),
        ),
      )
      if (measured.some((one) => one !== undefined && one < least)) {
        lines.push([
          scenario.id,
          `generator to ${of[0]?.rival.label}`,
          `${least} times ahead`,
          ...measured.map(ratio),
          '**missed**',
        ])
      }
    }
  }
  if (lines.length === 0) return 'None measured.'
  return `${table(['Scenario', 'who', 'at most', ...nodes.map((node) => `Node ${node}`), ''], lines)}\n\nPeers are listed only where our generator style is less than 3 times ahead of them over channels, less than 2 times over locks, or behind in pipelines.`
}

/**
 * How many times ahead of a peer we mean to be.
 *
 * @param {import('./scenarios.mjs').Scenario} scenario
 */
function ahead({ id, group, unit }) {
  if (unit !== 'ns' || group === 'limiters' || group === 'spawn' || id === 'spawn-many' || id === 'skynet')
    return undefined
  if (group === 'chains' || group === 'patterns') return 1
  return group === 'locks' || group === 'limits' ? 2 : 3
}

/**
 * @param {string} id
 * @param {string} style
 * @param {string} words
 * @param {readonly Cell[]} ours
 * @param {readonly string[]} nodes
 * @param {(cell: Cell) => number | undefined} measure
 * @param {number} most
 */
function verdict(id, style, words, ours, nodes, measure, most) {
  const measured = nodes.map((node) => {
    const cell = ours.find((one) => one.node === node)
    return cell === undefined ? undefined : measure(cell)
  })
  const holds = measured.every((one) => one !== undefined && one <= most)
  return [
    id,
    style,
    words,
    ...measured.map((one) => (one === undefined ? 'no number' : number(one))),
    holds ? 'holds' : '**missed**',
  ]
}

/**
 * @param {readonly Row[]} rows
 * @param {readonly string[]} nodes
 */
function againstPeers(rows, nodes) {
  const lines = rows.flatMap(({ scenario, cells }) => {
    const peers = new Set(cells.filter(({ rival }) => rival.kind === 'peer').map(({ rival }) => rival))
    if (peers.size === 0) return []
    const taking = [
      ...cells.filter(({ rival, node }) => rival.kind === 'ours' && node === nodes[0]).map(({ rival }) => rival),
      ...peers,
    ]
    return taking.map((rival) => [
      scenario.id,
      rival.label,
      scenario.unit,
      ...nodes.flatMap((node) => {
        const here = cells.filter((cell) => cell.node === node)
        const cell = here.find((one) => one.rival === rival)
        const ours = styles.map((style) => here.find((one) => one.rival.style === style))
        return [
          shown(cell),
          ...ours.map((one) => (one === cell || scenario.unit === 'MB' ? '' : ratio(against(cell, one)))),
        ]
      }),
    ])
  })
  const columns = nodes.flatMap((node) => [`Node ${major(node)}`, 'to our generator', 'to our async'])
  return table(['Scenario', 'rival', 'unit', ...columns], lines)
}
