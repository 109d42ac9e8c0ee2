// An error that crosses all borders as it is: at the top nobody knows what it means for the job, and a person is told that it is
// a bug. Concurrency in Go, chapter 5; fig-error-propagation-corrected.ts mends it.
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { run } from 'warren'
import { wellFormed } from 'warren/resilience'
import { isMain } from '../is-main.ts'

/** Of a module for files. */
async function requireExecutable(path: string): Promise<void> {
  await access(path, constants.X_OK)
}

/** Of a module for jobs. */
async function runJob(_id: string): Promise<void> {
  await requireExecutable('/bad/job/binary')
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
