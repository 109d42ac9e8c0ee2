import { describe, expect, test } from 'vitest'
import { parseArguments, type RunOptions } from '../../src/cli/parse-arguments.ts'
import { UsageError } from '../../src/cli/usage-error.ts'

function options(...words: string[]): RunOptions {
  const command = parseArguments(['run', ...words])
  if (command.name !== 'run') throw new Error(`parsed as ${command.name}`)
  return command.options
}

describe('the command line of warren run', () => {
  test('gives everything after the program to the program', () => {
    expect(options('a.ts', '--seed', '1', '--', '--help')).toEqual({
      program: 'a.ts',
      programArguments: ['--seed', '1', '--', '--help'],
      seed: undefined,
      dumpOn: 'SIGQUIT',
      leaks: false,
    })
  })

  test.each([
    { words: ['--seed', '7', 'a.ts'], expected: { seed: 7 } },
    { words: ['--seed=4294967295', 'a.ts'], expected: { seed: 4294967295 } },
    { words: ['--dump-on', 'SIGUSR2', 'a.ts'], expected: { dumpOn: 'SIGUSR2' } },
    { words: ['--dump-on=SIGUSR2', '--seed=0', 'a.ts'], expected: { dumpOn: 'SIGUSR2', seed: 0 } },
    { words: ['--leaks', '--seed', '0', 'a.ts'], expected: { leaks: true, seed: 0 } },
    { words: ['a.ts'], expected: { watchdogMs: undefined } },
    { words: ['--watchdog', 'a.ts'], expected: { watchdogMs: 200, program: 'a.ts' } },
    { words: ['--watchdog=50', 'a.ts'], expected: { watchdogMs: 50 } },
    { words: ['--no-lock-check', '--seed', '7', 'a.ts'], expected: { lockCheck: false, seed: 7 } },
    { words: ['--', '--odd-name.ts', '-x'], expected: { program: '--odd-name.ts', programArguments: ['-x'] } },
  ])('understands $words', ({ words, expected }) => {
    expect(options(...words)).toMatchObject(expected)
  })

  test.each([
    { words: [], message: 'no program given' },
    { words: ['--seed'], message: '--seed needs a value' },
    { words: ['--seed', '-1', 'a.ts'], message: "--seed must be an integer from 0 to 4294967295, not '-1'" },
    { words: ['--seed=', 'a.ts'], message: "--seed must be an integer from 0 to 4294967295, not ''" },
    { words: ['--seed', '4294967296', 'a.ts'], message: /not '4294967296'/ },
    { words: ['--seed', '1e3', 'a.ts'], message: /not '1e3'/ },
    { words: ['--dump-on', 'QUIT', 'a.ts'], message: /--dump-on must be the name of a signal/ },
    { words: ['--dump-on', 'SIGKILL', 'a.ts'], message: /--dump-on must be the name of a signal/ },
    { words: ['--leaks=yes', 'a.ts'], message: 'unknown option --leaks=yes' },
    { words: ['--watchdog=', 'a.ts'], message: /--watchdog must be a number of milliseconds from 10, not ''/ },
    { words: ['--watchdog=9', 'a.ts'], message: /not '9'/ },
    { words: ['--watchdog=1e3', 'a.ts'], message: /not '1e3'/ },
    { words: ['--fast', 'a.ts'], message: 'unknown option --fast' },
  ])('refuses $words', ({ words, message }) => {
    expect(() => options(...words)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }))
    expect(() => options(...words)).toThrow(message)
  })

  test.each([['--procs'], ['--procs=4']])('does not pretend to know %s', (word) => {
    expect(() => options(word, 'a.ts')).toThrow(expect.objectContaining({ code: 'ERR_NOT_AVAILABLE' }))
    expect(() => options(word, 'a.ts')).toThrow(/^--procs is not available in this version$/)
  })
})

describe('the command line of warren', () => {
  test.each([
    { words: ['--help'], command: { name: 'help', topic: 'warren' } },
    { words: ['-h'], command: { name: 'help', topic: 'warren' } },
    { words: ['run', '--help'], command: { name: 'help', topic: 'run' } },
    { words: ['run', '--seed', '1', '-h'], command: { name: 'help', topic: 'run' } },
    { words: ['--version'], command: { name: 'version' } },
    { words: ['-v'], command: { name: 'version' } },
  ])('understands $words', ({ words, command }) => {
    expect(parseArguments(words)).toEqual(command)
  })

  test.each([
    { words: [], message: 'no command given' },
    { words: ['walk'], message: 'unknown command walk' },
    { words: ['a.ts'], message: 'unknown command a.ts (to run a program: warren run a.ts)' },
    { words: ['--fast'], message: 'unknown option --fast' },
  ])('refuses $words', ({ words, message }) => {
    expect(() => parseArguments(words)).toThrow(UsageError)
    expect(() => parseArguments(words)).toThrow(message)
  })
})
