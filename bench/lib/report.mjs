/**
 * The tables.
 *
 * @typedef {object} Cell what one rival on one Node did: one value a round, or words
 * @property {import('./rivals.mjs').Rival} rival
 * @property {string} node '' for Go
 * @property {number[]} values
 * @property {string} words why there is no number
 * @property {string} version
 *
 * @typedef {{ scenario: import('./scenarios.mjs').Scenario, cells: Cell[] }} Row
 * @typedef {{ go: string | undefined, nodes: string[], rounds: number, quick: boolean, seconds: number, ours: string }} About
 */
import os from 'node:os';
import { median, number, ratio, table } from './text.mjs';

/**
 * @param {readonly Row[]} rows
 * @param {About} about
 */
export function report(rows, about) {
  const parts = ['# Results', machine(rows, about)];
  const peerNames = new Set(
    rows.flatMap(({ cells }) => cells.filter(({ rival }) => rival.kind === 'peer').map(({ rival }) => rival.id)),
  );
  for (const node of about.nodes) parts.push(`## warren and Go, Node ${node}`, againstGo(rows, node));
  parts.push('## Floors', floors(rows, about.nodes));
  if (peerNames.size > 0) {
    for (const node of about.nodes) parts.push(`## Peers, Node ${node}`, againstPeers(rows, node));
  }
  return `${parts.join('\n\n')}\n`;
}

/**
 * @param {readonly Row[]} rows
 * @param {About} about
 */
function machine(rows, about) {
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const { cells } of rows) {
    for (const { rival, version } of cells)
      if (rival.kind === 'peer' && version !== '') versions.set(rival.label, version);
  }
  const peers = [...versions]
    .filter(([label]) => label !== 'native async')
    .map(([label, version]) => `\`${label}@${version}\``);
  return [
    `* ${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} processors, ${os.type()} ${os.machine()}`,
    `* warren ${about.ours}; Node ${about.nodes.join(', ')}; ${about.go === undefined ? 'Go: not installed' : `Go ${about.go}, GOMAXPROCS=1`}`,
    ...(peers.length === 0 ? [] : [`* ${peers.join(', ')}`]),
    `* median of ${about.rounds} alternating rounds${about.quick ? ' (--quick: small sizes)' : ''}; every number is a process of its own, which warms up,`,
    '  counts what it did, and takes the median of its samples; a ratio is the median of the ratios of the rounds',
    `* took ${about.seconds} s`,
  ].join('\n');
}

/**
 * @param {readonly Row[]} rows
 * @param {string} node
 */
function againstGo(rows, node) {
  return table(
    ['Scenario', 'one operation', 'unit', 'Go', 'generator', 'to Go', 'async', 'to Go'],
    rows.map(({ scenario, cells }) => {
      const go = cells.find(({ rival }) => rival.kind === 'go');
      const [generator, async] = ['generator', 'async'].map((style) =>
        cells.find((cell) => cell.rival.style === style && cell.node === node),
      );
      return [
        scenario.id,
        scenario.what,
        scenario.unit,
        shown(go),
        shown(generator),
        times(generator, go),
        shown(async),
        times(async, go),
      ];
    }),
  );
}

/**
 * The accepted limits, and whether they hold.
 *
 * @param {readonly Row[]} rows
 * @param {readonly string[]} nodes
 */
function floors(rows, nodes) {
  const lines = [];
  for (const { scenario, cells } of rows) {
    const go = cells.find(({ rival }) => rival.kind === 'go');
    for (const style of /** @type {const} */ (['generator', 'async'])) {
      const ours = cells.filter((cell) => cell.rival.style === style);
      const floor = scenario.floor?.[style];
      const limit = scenario.limit?.[style];
      if (floor !== undefined && go !== undefined)
        lines.push(verdict(scenario.id, style, `${floor} of Go`, ours, nodes, (cell) => against(cell, go), floor));
      if (limit !== undefined)
        lines.push(
          verdict(scenario.id, style, `${limit} ${scenario.unit}`, ours, nodes, (cell) => median(cell.values), limit),
        );
    }
    const generator = (/** @type {string} */ node) =>
      cells.find((cell) => cell.rival.style === 'generator' && cell.node === node);
    const peers = cells.filter(({ rival, values }) => rival.kind === 'peer' && values.length > 0);
    const least = scenario.group === 'locks' ? 2 : 3;
    if (scenario.unit !== 'ns') continue;
    for (const id of new Set(peers.map(({ rival }) => rival.id))) {
      const of = peers.filter(({ rival }) => rival.id === id);
      const measured = nodes.map((node) =>
        against(
          of.find((cell) => cell.node === node),
          generator(node),
        ),
      );
      if (measured.some((one) => one !== undefined && one < least)) {
        lines.push([
          scenario.id,
          `generator to ${of[0]?.rival.label}`,
          `${least} times ahead`,
          ...measured.map(ratio),
          '**missed**',
        ]);
      }
    }
  }
  if (lines.length === 0) return 'None measured.';
  return `${table(['Scenario', 'who', 'at most', ...nodes.map((node) => `Node ${node}`), ''], lines)}\n\nPeers are listed here only where we are less than 3 times ahead of them (locks, limits and spawn by the thousand: 2).`;
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
    const cell = ours.find((one) => one.node === node);
    return cell === undefined ? undefined : measure(cell);
  });
  const holds = measured.every((one) => one !== undefined && one <= most);
  return [
    id,
    style,
    words,
    ...measured.map((one) => (one === undefined ? 'no number' : number(one))),
    holds ? 'holds' : '**missed**',
  ];
}

/**
 * @param {readonly Row[]} rows
 * @param {string} node
 */
function againstPeers(rows, node) {
  const lines = rows.flatMap(({ scenario, cells }) => {
    const here = cells.filter((cell) => cell.node === node);
    if (!here.some(({ rival }) => rival.kind === 'peer')) return [];
    const [generator, async] = ['generator', 'async'].map((style) => here.find((cell) => cell.rival.style === style));
    return here.map((cell) => [
      scenario.id,
      cell.rival.label,
      shown(cell),
      scenario.unit,
      times(cell, generator),
      times(cell, async),
    ]);
  });
  return table(['Scenario', 'rival', 'value', 'unit', 'to our generator', 'to our async'], lines);
}

/** @param {Cell | undefined} cell */
function shown(cell) {
  if (cell === undefined) return '';
  return cell.words !== '' ? cell.words : number(median(cell.values));
}

/**
 * @param {Cell | undefined} cell
 * @param {Cell | undefined} base
 */
function times(cell, base) {
  return cell === base ? '' : ratio(against(cell, base));
}

/**
 * The median of the ratios of the rounds in which both gave a number.
 *
 * @param {Cell | undefined} cell
 * @param {Cell | undefined} base
 */
function against(cell, base) {
  if (cell === undefined || base === undefined || cell.words !== '' || base.words !== '') return undefined;
  const rounds = Math.min(cell.values.length, base.values.length);
  return median(cell.values.slice(0, rounds).map((value, round) => value / (base.values[round] ?? Number.NaN)));
}
