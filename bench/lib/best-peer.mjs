/** Beside the fastest peer of each scenario. */
import { against, major, shown } from './cells.mjs'
import { median, ratio, table } from './text.mjs'

/**
 * @param {readonly import('./report.mjs').Row[]} rows
 * @param {readonly string[]} nodes
 */
export function bestPeers(rows, nodes) {
  const lines = rows.flatMap(({ scenario, cells }) => {
    if (!cells.some(({ rival }) => rival.kind === 'peer')) return []
    const columns = nodes.flatMap((node) => {
      const here = cells.filter((cell) => cell.node === node)
      const best = here
        .filter(({ rival, words, values }) => rival.kind === 'peer' && words === '' && values.length > 0)
        .sort((a, b) => median(a.values) - median(b.values))[0]
      const ours = ['generator', 'async'].map((style) => here.find(({ rival }) => rival.style === style))
      return [
        best?.rival.label ?? '',
        shown(best),
        ...ours.map((cell) => (scenario.unit === 'MB' ? shown(cell) : ratio(against(cell, best)))),
      ]
    })
    return [[scenario.id, scenario.unit, ...columns]]
  })
  const columns = nodes.flatMap((node) => [`Node ${major(node)}`, '', 'our generator to it', 'our async to it'])
  return `${table(['Scenario', 'unit', ...columns], lines)}\n\nBelow 1 we are ahead. Memory is in MB and not a ratio.`
}
