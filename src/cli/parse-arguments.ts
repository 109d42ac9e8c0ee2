// The command line: `warren run [options] program [arguments]`. Options stand before the program; what follows it is the
// program's own.
import { constants } from 'node:os'
import { defaultThresholdMs, leastThresholdMs } from '../debug/watchdog.ts'
import { UsageError } from './usage-error.ts'

export interface RunOptions {
  readonly program: string
  readonly programArguments: readonly string[]
  /** Makes every random choice of the runtime repeatable. */
  readonly seed: number | undefined
  /** The signal that prints all goroutines. */
  readonly dumpOn: NodeJS.Signals
  /** Whether the end of the program reports the goroutines that it leaves behind. */
  readonly leaks: boolean
  /** How long the thread may be busy before the watchdog tells of it; undefined: there is none. */
  readonly watchdogMs: number | undefined
  /** False to look for no deadlocks among locks; they are looked for unless told. */
  readonly lockCheck?: false | undefined
}

export type Command =
  | { readonly name: 'help'; readonly topic: 'warren' | 'run' }
  | { readonly name: 'version' }
  | { readonly name: 'run'; readonly options: RunOptions }

const maxSeed = 2 ** 32 - 1
/** Options that are part of the plan, and that no program should take for working before they are. */
const notYetAvailable: readonly string[] = ['--procs']

export function parseArguments(words: readonly string[]): Command {
  const [first, ...rest] = words
  if (first === undefined) throw new UsageError('ERR_USAGE', 'no command given')
  if (first === '--help' || first === '-h') return { name: 'help', topic: 'warren' }
  if (first === '--version' || first === '-v') return { name: 'version' }
  if (first === 'run') return parseRun(rest)
  if (first.startsWith('-')) throw new UsageError('ERR_USAGE', `unknown option ${first}`)
  const hint = /\.[cm]?[jt]sx?$/.test(first) ? ` (to run a program: warren run ${first})` : ''
  throw new UsageError('ERR_USAGE', `unknown command ${first}${hint}`)
}

function parseRun(words: readonly string[]): Command {
  let seed: number | undefined
  let dumpOn: NodeJS.Signals = 'SIGQUIT'
  let leaks = false
  let watchdogMs: number | undefined
  let lockCheck: false | undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-') || word === '--') {
      const [program, ...programArguments] = words.slice(word === '--' ? i + 1 : i)
      if (program === undefined) break
      return { name: 'run', options: { program, programArguments, seed, dumpOn, leaks, watchdogMs, lockCheck } }
    }
    if (word === '--help' || word === '-h') return { name: 'help', topic: 'run' }
    const [option = word, attached] = split(word)
    const value = (): string => {
      const given = attached ?? words[++i]
      if (given === undefined) throw new UsageError('ERR_USAGE', `${option} needs a value`)
      return given
    }
    if (word === '--leaks') leaks = true
    else if (word === '--no-lock-check') lockCheck = false
    else if (option === '--seed') seed = parseSeed(value())
    else if (option === '--dump-on') dumpOn = parseSignal(value())
    // Only attached: without a value it is a flag, and the next word may be the program.
    else if (option === '--watchdog')
      watchdogMs = attached === undefined ? defaultThresholdMs : parseThreshold(attached)
    else if (notYetAvailable.includes(option)) {
      throw new UsageError('ERR_NOT_AVAILABLE', `${option} is not available in this version`)
    } else throw new UsageError('ERR_USAGE', `unknown option ${word}`)
  }
  throw new UsageError('ERR_USAGE', 'no program given')
}

function split(word: string): [string, string?] {
  const at = word.indexOf('=')
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)]
}

function parseSeed(text: string): number {
  const seed = Number(text)
  if (!/^\d+$/.test(text) || seed > maxSeed) {
    throw new UsageError('ERR_USAGE', `--seed must be an integer from 0 to ${maxSeed}, not '${text}'`)
  }
  return seed
}

function parseThreshold(text: string): number {
  const thresholdMs = Number(text)
  if (!/^\d+$/.test(text) || thresholdMs < leastThresholdMs) {
    throw new UsageError(
      'ERR_USAGE',
      `--watchdog must be a number of milliseconds from ${leastThresholdMs}, not '${text}'`,
    )
  }
  return thresholdMs
}

function parseSignal(text: string): NodeJS.Signals {
  if (!(text in constants.signals) || text === 'SIGKILL' || text === 'SIGSTOP') {
    throw new UsageError('ERR_USAGE', `--dump-on must be the name of a signal that can be caught, not '${text}'`)
  }
  return text as NodeJS.Signals
}
