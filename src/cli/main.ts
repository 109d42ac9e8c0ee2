#!/usr/bin/env node
// The `warren` command.
import { help, version } from './help.ts'
import { type Command, parseArguments } from './parse-arguments.ts'
import { runProgram } from './run-program.ts'
import { UsageError } from './usage-error.ts'

const usageExitCode = 2

function parse(): Command | undefined {
  try {
    return parseArguments(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`warren: ${error.message} (${error.code})\ntry warren --help\n`)
    process.exitCode = usageExitCode
    return undefined
  }
}

const command = parse()
if (command?.name === 'help') process.stdout.write(help[command.topic])
else if (command?.name === 'version') process.stdout.write(`warren ${version()}\n`)
// Not awaited: of a program that is stuck for ever Node would say that this file is.
else if (command?.name === 'run') void runProgram(command.options)
