// The command line, read and checked before anything is touched.

import { createHash, getHashes } from 'node:crypto'
import { parseArgs } from 'node:util'

export interface Options {
  readonly path: string
  readonly algorithm: string
  readonly output: string
  readonly jobs: number
  readonly strict: boolean
  readonly quiet: boolean
}

export class UsageError extends Error {}

const defaultAlgorithm = 'sha256'
const defaultJobs = 16
const maxJobs = 256

export const help = `Usage: npm start -- [PATH] [options]

Digests every file under PATH (default: the current directory, which under
npm start is the repository with its node_modules) into a checksum file that
md5sum -c, sha256sum -c and their sisters accept.

Options:
  -a, --algorithm NAME  any digest that Node knows (default: ${defaultAlgorithm})
  -o, --output FILE     where to write, - for standard output (default:
                        digest.NAME in the current directory, overwritten)
  -j, --jobs N          how many files are read at once, 1 to ${maxJobs} (default: ${defaultJobs})
  -s, --strict          end at the first file that cannot be read
  -q, --quiet           no progress and no summary, only errors
  -h, --help            print this and exit

Names are relative to PATH (check from there), sorted by their bytes, and
escaped as coreutils does. A symbolic link to a file is digested as the file.
Links to directories are not followed; they, special files (fifos, sockets,
devices) and the output file itself are skipped and counted.
A file that cannot be read is reported, counted and left out.

Exit status:
  0    every entry was visited (some may have been reported as unreadable)
  1    the tree or the output failed, or a file did under --strict
  2    the command line was wrong
  130  interrupted; 143 terminated; 141 the reader of standard output went away
       In all of these the output holds complete lines and is valid so far.
`

export function parseOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  if (positionals.length > 1) throw new UsageError(`one PATH at most, not ${positionals.length}`)

  const algorithm = knownAlgorithm(values.algorithm ?? defaultAlgorithm)
  const jobs = Number(values.jobs ?? defaultJobs)
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > maxJobs) {
    throw new UsageError(`--jobs must be a whole number from 1 to ${maxJobs}, not "${values.jobs}"`)
  }
  return {
    path: positionals[0] ?? '.',
    algorithm,
    output: values.output ?? `digest.${algorithm.replaceAll('/', '-')}`,
    jobs,
    strict: values.strict ?? false,
    quiet: values.quiet ?? false,
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        algorithm: { type: 'string', short: 'a' },
        output: { type: 'string', short: 'o' },
        jobs: { type: 'string', short: 'j' },
        strict: { type: 'boolean', short: 's' },
        quiet: { type: 'boolean', short: 'q' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function knownAlgorithm(wanted: string): string {
  const name = getHashes().find((known) => known.toLowerCase() === wanted.toLowerCase())
  if (name === undefined) {
    const plain = getHashes().filter((known) => !/rsa|ssl/i.test(known))
    throw new UsageError(`unknown algorithm "${wanted}"; Node knows ${plain.join(', ')}`)
  }
  try {
    createHash(name)
  } catch (cause) {
    throw new UsageError(`this build of Node lists ${name} but cannot compute it: ${(cause as Error).message}`)
  }
  return name
}
