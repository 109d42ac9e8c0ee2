// A goroutine is a closure, and sees the variables around it, not copies of them. Concurrency in Go, chapter 3.
import { run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  let salutation = 'hello'
  const wg = new WaitGroup()
  wg.go(function change() {
    salutation = 'welcome'
  })
  await wg.wait()
  console.log(salutation)
}

if (isMain(import.meta)) await run(main)
