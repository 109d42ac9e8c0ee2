// What is deferred runs before a panic ends the program: in JavaScript, `finally` (or `using`). An error in a goroutine that
// nobody joins is a panic. Concurrency in Go, chapter 3.
import { go, run, Second, sleep } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  go(function fail() {
    try {
      throw new Error('paniced')
    } finally {
      console.log('before the panic')
    }
  })
  await sleep(1 * Second) // not reached: the panic is for the whole program
}

if (isMain(import.meta)) await run(main)
