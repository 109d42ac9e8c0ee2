// For the mains of these examples: what an exploration found.
import { pathToFileURL } from 'node:url'
import { type Exploration, ExplorationError } from 'warren/testing'

/** Whether this module is the program that was started, and not imported by a test. */
export function isMain({ url }: { readonly url: string }): boolean {
  return process.argv[1] !== undefined && url === pathToFileURL(process.argv[1]).href
}

/** Explores, and prints the report of a failure, or that there was none. */
export async function show(title: string, exploration: Exploration): Promise<void> {
  console.log(`# ${title}`)
  try {
    await exploration()
    console.log(`no failure in ${exploration.report?.schedules} schedules\n`)
  } catch (error) {
    if (!(error instanceof ExplorationError)) throw error
    console.log(`${error.message}\n`)
  }
}
