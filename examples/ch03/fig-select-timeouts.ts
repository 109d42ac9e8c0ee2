// A select that waits for at most a second. `never` is the nil channel: nothing ever comes from it. Concurrency in Go, chapter 3.
import { after, never, run, Second, select } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const picked = await select({ value: never, timeout: after(1 * Second) })
  if (picked.case === 'timeout') console.log('Timed out.')
}

if (isMain(import.meta)) await run(main)
