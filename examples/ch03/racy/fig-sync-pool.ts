// Many workers share a few calculators of 1 KB. How many were made is counted by goroutines that read, wait, and write back: some
// of them are lost. Concurrency in Go, chapter 3; racy on purpose.
import { Pool, run, sleep, WaitGroup } from 'warren'
import { isMain } from '../../is-main.ts'

/** The book has 1024 * 1024. */
const workers = 1024

export async function main(): Promise<void> {
  let created = 0
  const wg = new WaitGroup()

  const count = async (): Promise<void> => {
    const before = created
    await sleep(0) // write it down somewhere
    created = before + 1
  }
  const calculators = new Pool(() => {
    wg.go(count)
    return new Uint8Array(1024)
  })
  for (let i = 0; i < 4; i++) calculators.put(new Uint8Array(1024))
  for (let i = 0; i < workers; i++) {
    wg.go(async function work() {
      const calculator = calculators.get()
      await sleep(0) // calculate
      calculators.put(calculator)
    })
  }
  await wg.wait()
  console.log(`${created} calculators were created.`)
}

if (isMain(import.meta)) await run(main)
