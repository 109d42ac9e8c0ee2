// A WaitGroup counts: `add` before a goroutine starts, `done` when it has finished, and `wait` until the count is zero.
// Concurrency in Go, chapter 3. (`wg.go(fn)` is the three lines in one.)
import { go, run, sleep, WaitGroup } from 'warren'
import { isMain } from '../../is-main.ts'

export async function main(): Promise<void> {
  const wg = new WaitGroup()

  const nap = async (name: string, ms: number): Promise<void> => {
    try {
      console.log(`${name} goroutine sleeping...`)
      await sleep(ms)
    } finally {
      wg.done()
    }
  }

  wg.add(1)
  go(nap, '1st', 1)
  wg.add(1)
  go(nap, '2nd', 2)

  await wg.wait()
  console.log('All goroutines complete.')
}

if (isMain(import.meta)) await run(main)
