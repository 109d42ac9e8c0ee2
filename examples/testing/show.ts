// For the mains of these examples: what an exploration found.
import { type Exploration, ExplorationError } from 'warren/testing'

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
