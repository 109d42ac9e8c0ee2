/**
 * What a cell of a table shows.
 *
 * @typedef {import('./report.mjs').Cell} Cell
 */
import { median, number } from './text.mjs'

/** @param {string} node */
export function major(node) {
  return node.replace(/^v(\d+)\..*/, '$1')
}

/** @param {Cell | undefined} cell */
export function shown(cell) {
  if (cell === undefined) return ''
  return cell.words !== '' ? cell.words : number(median(cell.values))
}

/**
 * The median of the ratios of the rounds in which both gave a number.
 *
 * @param {Cell | undefined} cell
 * @param {Cell | undefined} base
 */
export function against(cell, base) {
  if (cell === undefined || base === undefined || cell.words !== '' || base.words !== '') return undefined
  return median(cell.values.map((value, round) => value / (base.values[round] ?? Number.NaN)))
}
