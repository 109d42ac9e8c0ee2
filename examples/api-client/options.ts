// The command line, read and checked before anything is asked for.

import { parseArgs } from 'node:util'

export interface Options {
  readonly url: string
  readonly perSecond: number
  readonly perMinute: number
  readonly lateMs: number
  readonly timeoutMs: number
  readonly silentMs: number
  readonly jobs: number
  readonly follow: boolean
}

export class UsageError extends Error {}

export const help = `Usage: npx warren run examples/api-client/main.ts URL [options]

Copies the catalogue of the service at URL: reads /items, which lists numbers,
then /items/N for each, one JSON line per item on standard output; posts to
/copies how many there were; with --follow it goes on with the lines of
/events?after=N until it is interrupted.

Options:
      --per-second N  requests that the service takes in any second (10)
      --per-minute N  and in any minute (300)
  -j, --jobs N        items that are read at a time (8)
      --late MS       after which a read is tried twice at a time, until it is
                      known what is usual (500)
      --timeout MS    how long an answer may take (10000)
  -f, --follow        events, after the items
      --silent MS     after how long without a line /events is opened anew (30000)
  -h, --help          print this and exit

Exit status:
  0    all is copied
  1    the service did not answer, or refused
  2    the command line was wrong
  130  interrupted; 143 terminated
`

export function parseOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  const [url, ...others] = positionals
  if (url === undefined || others.length > 0) throw new UsageError(`one URL, not ${positionals.length}`)
  if (!/^https?:/.test(url) || !URL.canParse(url)) throw new UsageError(`not a URL of a service: "${url}"`)
  return {
    url: url.replace(/\/$/, ''),
    perSecond: wholeNumber('per-second', values['per-second']),
    perMinute: wholeNumber('per-minute', values['per-minute']),
    lateMs: wholeNumber('late', values.late),
    timeoutMs: wholeNumber('timeout', values.timeout),
    silentMs: wholeNumber('silent', values.silent),
    jobs: wholeNumber('jobs', values.jobs),
    follow: values.follow,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'per-second': { type: 'string', default: '10' },
        'per-minute': { type: 'string', default: '300' },
        jobs: { type: 'string', short: 'j', default: '8' },
        late: { type: 'string', default: '500' },
        timeout: { type: 'string', default: '10000' },
        follow: { type: 'boolean', short: 'f', default: false },
        silent: { type: 'string', default: '30000' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new UsageError(`--${name} must be a whole number of at least 1, not "${text}"`)
}
