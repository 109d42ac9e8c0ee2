// The command line, read and checked before anything is touched.

import { parseArgs } from 'node:util'

export interface Options {
  readonly urls: readonly string[]
  readonly state: string
  readonly jobs: number
  readonly delayMs: number
  readonly depth: number
  readonly timeoutMs: number
}

export class UsageError extends Error {}

export const help = `Usage: npx warren run examples/crawler/main.ts URL... [options]

Visits every page that links lead to from URL, on the hosts of the URLs given.
One line per page on standard output: status, address, number of links.

Options:
      --state FILE    what is known, saved every few seconds and at the end; if
                      the file is there, it goes on from it (crawl.json)
  -j, --jobs N        requests under way at a time, all hosts together (8)
      --delay MS      pause of each host between two requests (1000); longer
                      where robots.txt asks for it
      --depth N       how many links from a URL it goes (16)
      --timeout MS    how long a page may take (10000)
  -h, --help          print this and exit

A host is asked for one page at a time. A page that fails is tried three times.

Exit status:
  0    every page was visited (some may have failed)
  1    the state cannot be read or written
  2    the command line was wrong
  130  interrupted, 143 terminated: what was under way has been finished, and
       all is saved. The same command goes on from there.
`

export function parseOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  if (positionals.length === 0) throw new UsageError('a URL is needed')
  for (const url of positionals) {
    if (!/^https?:/.test(url) || !URL.canParse(url)) throw new UsageError(`not a URL of a web page: "${url}"`)
  }
  return {
    urls: positionals,
    state: values.state,
    jobs: wholeNumber('jobs', values.jobs, 1),
    delayMs: wholeNumber('delay', values.delay, 0),
    depth: wholeNumber('depth', values.depth, 0),
    timeoutMs: wholeNumber('timeout', values.timeout, 1),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        state: { type: 'string', default: 'crawl.json' },
        jobs: { type: 'string', short: 'j', default: '8' },
        delay: { type: 'string', default: '1000' },
        depth: { type: 'string', default: '16' },
        timeout: { type: 'string', default: '10000' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= least) return number
  throw new UsageError(`--${name} must be a whole number of at least ${least}, not "${text}"`)
}
