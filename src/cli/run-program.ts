// `warren run`: the program in this very process, with everything on that helps when something goes wrong.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { watchLocksOfProgram } from '../debug/watch-locks.ts'
import { watchdog } from '../debug/watchdog.ts'
import { startDebugging } from '../runtime/debugging.ts'
import { SeededDecisions } from '../runtime/decisions.ts'
import { reportLeaksAtEnd } from '../runtime/leaks-at-end.ts'
import { mainState } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'
import { dumpOn } from './dump-on.ts'
import { endWith, reportUncaughtErrors } from './end-with.ts'
import type { RunOptions } from './parse-arguments.ts'
import { installTypeScript } from './typescript/install.ts'

const loadFailureExitCode = 1

/** Resolves when the top level of the program has finished; goroutines and callbacks may still be at work. */
export async function runProgram(options: RunOptions): Promise<void> {
  const path = resolve(options.program)
  const problem = whyNotAFile(path)
  if (problem !== undefined) {
    process.stderr.write(`warren: cannot run ${options.program}: ${problem}\n`)
    process.exitCode = loadFailureExitCode
    return
  }
  const url = pathToFileURL(path).href
  process.argv = [process.argv[0]!, path, ...options.programArguments]

  startDebugging(scheduler)
  if (options.leaks) reportLeaksAtEnd(scheduler)
  if (options.lockCheck !== false) watchLocksOfProgram()
  if (scheduler.onFirstUse !== null) scheduler.onFirstUse()
  if (options.seed !== undefined) scheduler.decisions = new SeededDecisions(options.seed)
  installTypeScript(url)
  reportUncaughtErrors()
  for (const signal of new Set<NodeJS.Signals>(['SIGQUIT', options.dumpOn])) dumpOn(signal)
  if (options.watchdogMs !== undefined) watchdog({ thresholdMs: options.watchdogMs })

  mainState.isTopLevelPending = true
  try {
    await import(url)
    mainState.isTopLevelPending = false
  } catch (error) {
    mainState.isTopLevelPending = false
    endWith(error)
  }
}

function whyNotAFile(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return 'no such file'
  return stats.isDirectory() ? 'it is a directory' : undefined
}
