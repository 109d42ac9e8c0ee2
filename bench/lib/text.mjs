/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2
}

/** Three digits that count. @param {number} value */
export function number(value) {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  if (Math.abs(value) < 0.005) return '0'
  return String(Number(value.toPrecision(3)))
}

/** @param {number | undefined} value */
export function ratio(value) {
  return value === undefined || !Number.isFinite(value) ? '' : `${value.toFixed(value < 10 ? 2 : 0)}x`
}

/**
 * A Markdown table with aligned columns.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} lines
 */
export function table(head, lines) {
  const widths = head.map((cell, i) => Math.max(3, cell.length, ...lines.map((line) => line[i]?.length ?? 0)))
  const numeric = head.map((_, i) => lines.every((line) => /^[-\d.,x]*$/.test(line[i] ?? '')))
  const row = (/** @type {readonly string[]} */ line) =>
    `| ${line.map((cell, i) => (numeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (numeric[i] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`
  return [row(head), rule, ...lines.map(row)].join('\n')
}
