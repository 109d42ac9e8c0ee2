// A select blocks until one of its cases can go on: here, when a channel is closed after five seconds. Concurrency in Go, chapter 3.
import { chan, go, run, Second, select, sleep } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const start = Date.now()
  const closed = chan<never>()
  go(async function closeLater() {
    await sleep(5 * Second)
    closed.close()
  })

  await select({ closed })
  console.log(`Unblocked ${((Date.now() - start) / Second).toFixed(2)}s later.`)
}

if (isMain(import.meta)) await run(main)
