// The command line, read and checked before anything is touched.

import { parseArgs } from 'node:util'
import { Hour, Minute, Second } from 'warren'

export interface Options {
  readonly path: string
  readonly windowMs: number
  readonly lateMs: number
  readonly top: number
  readonly maxPaths: number
  readonly quiet: boolean
}

export class UsageError extends Error {}

export const help = `Usage: npx warren run examples/logs/main.ts FILE [options]

Says what a web server's log (Common or Combined Log Format) is about: for each
window of time how many requests, server errors and bytes, and the most frequent
paths.

Options:
  -w, --window TIME  how long a window is: 30s, 5m, 1h, 1d (1h)
  -n, --top N        how many paths of each window are shown (10)
      --late TIME    how long a window waits for lines that come late (1m)
      --paths N      how many paths of a window are counted exactly (10000); of
                     twice as many the rare ones are forgotten
  -q, --quiet        no progress and no summary
  -h, --help         print this and exit

Lines that cannot be read are counted.

Exit status:
  0    the file was read to its end
  1    it cannot be read
  2    the command line was wrong
  130  interrupted, 143 terminated; what was printed is complete so far
`

export function parseOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  const [path, ...others] = positionals
  if (path === undefined || others.length > 0) throw new UsageError(`one FILE, not ${positionals.length}`)
  return {
    path,
    windowMs: duration('window', values.window, Second),
    lateMs: duration('late', values.late, 0),
    top: wholeNumber('top', values.top, 0),
    maxPaths: wholeNumber('paths', values.paths, 1),
    quiet: values.quiet,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        window: { type: 'string', short: 'w', default: '1h' },
        top: { type: 'string', short: 'n', default: '10' },
        late: { type: 'string', default: '1m' },
        paths: { type: 'string', default: '10000' },
        quiet: { type: 'boolean', short: 'q', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const units: Record<string, number> = { s: Second, m: Minute, h: Hour, d: 24 * Hour }

function duration(name: string, text: string, leastMs: number): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const ms = Number(number) * (units[unit ?? ''] ?? Number.NaN)
  if (ms >= leastMs) return ms
  throw new UsageError(`--${name} must be a time such as 30s, 5m or 1h, not "${text}"`)
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= least) return number
  throw new UsageError(`--${name} must be a whole number of at least ${least}, not "${text}"`)
}
