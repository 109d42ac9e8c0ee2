// Fork and join: a goroutine goes its own way, and main waits for it at the join point. Concurrency in Go, chapter 3.
import { run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const wg = new WaitGroup()
  wg.go(function sayHello() {
    console.log('hello')
  })
  await wg.wait() // the join point: without it, main could end before the goroutine begins
}

if (isMain(import.meta)) await run(main)
