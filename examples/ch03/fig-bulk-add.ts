// Where the number of goroutines is known, one `add` counts them all. Concurrency in Go, chapter 3.
import { go, run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

function hello(id: number, wg: WaitGroup): void {
  console.log(`Hello from ${id}!`)
  wg.done()
}

export async function main(): Promise<void> {
  const greeters = 5
  const wg = new WaitGroup()
  wg.add(greeters)
  for (let id = 1; id <= greeters; id++) go(hello, id, wg)
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
