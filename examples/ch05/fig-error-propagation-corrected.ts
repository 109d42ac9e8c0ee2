// Well-formed errors: each module wraps what comes from below at its border, in words for those who called it. The id is the same
// all the way, so that the message leads to all the rest in the log. Concurrency in Go, chapter 5.
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { run } from 'warren'
import { wellFormed, wrap } from 'warren/resilience'
import { isMain } from '../is-main.ts'

/** Of a module for files. */
async function requireExecutable(path: string): Promise<void> {
  try {
    await access(path, constants.X_OK)
  } catch (error) {
    throw wrap(error, `"${path}" cannot be executed`, { path })
  }
}

/** Of a module for jobs. */
async function runJob(id: string): Promise<void> {
  try {
    await requireExecutable('/bad/job/binary')
  } catch (error) {
    throw wrap(error, `cannot run job "${id}": requisite binaries not available`, { job: id })
  }
}

export async function main(): Promise<void> {
  try {
    await runJob('1')
  } catch (error) {
    const failure = wellFormed(error)
    console.error(failure) // for the log: all that is known
    console.log(`[${failure.id}] ${failure.message}`)
  }
}

if (isMain(import.meta)) await run(main)
