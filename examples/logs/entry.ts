// A line of a web server's log, in the Common or Combined Log Format that Apache, nginx and others write.

export interface Entry {
  readonly atMs: number
  /** Without its query. */
  readonly path: string
  readonly status: number
  readonly bytes: number
}

export class MalformedError extends Error {}

const format = /^\S+ \S+ \S+ \[([^\]]+)\] "[A-Z]+ ([^ ?"]+)[^"]*" (\d{3}) (\d+|-)/

export function parseEntry(line: string): Entry {
  const [, time, path, status, bytes] = format.exec(line) ?? []
  const atMs = time === undefined ? Number.NaN : timeOf(time)
  if (path === undefined || Number.isNaN(atMs)) throw new MalformedError(line)
  return { atMs, path, status: Number(status), bytes: bytes === '-' ? 0 : Number(bytes) }
}

/** Most lines have the time of the one before. */
const last = { text: '', ms: Number.NaN }

function timeOf(text: string): number {
  if (text !== last.text) {
    last.ms = parseTime(text)
    last.text = text
  }
  return last.ms
}

/** "10/Oct/2000:13:55:36 -0700" */
function parseTime(text: string): number {
  const [, day, month, year, time, zone] = /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})$/.exec(text) ?? []
  const m = months.indexOf(month ?? '') / 3 + 1
  if (zone === undefined || !Number.isInteger(m)) return Number.NaN
  return Date.parse(`${year}-${String(m).padStart(2, '0')}-${day}T${time}${zone.slice(0, 3)}:${zone.slice(3)}`)
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'
