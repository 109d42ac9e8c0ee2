// A race condition: one goroutine looks at a value, and prints it a little later; another one changes it. It prints 0, or 1, or
// nothing. Concurrency in Go, chapter 1; racy on purpose.
import { go, run, sleep } from 'warren'
import { isMain } from '../../is-main.ts'

export async function main(): Promise<void> {
  let data = 0
  const writer = go(async function write() {
    await sleep(0)
    data++
  })

  await sleep(0)
  if (data === 0) {
    await sleep(0) // goroutines of one thread take turns where they wait: here the writer may come between
    console.log(`the value is ${data}.`)
  }
  await writer.join()
}

if (isMain(import.meta)) await run(main)
