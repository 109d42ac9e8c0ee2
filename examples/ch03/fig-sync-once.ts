// A hundred goroutines ask for it, and it is done once. Concurrency in Go, chapter 3.
import { Once, run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  let count = 0
  const once = new Once()
  const wg = new WaitGroup()
  for (let i = 0; i < 100; i++) wg.go(() => once.do(() => count++))
  await wg.wait()
  console.log(`Count is ${count}`)
}

if (isMain(import.meta)) await run(main)
