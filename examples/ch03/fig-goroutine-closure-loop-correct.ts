// Three goroutines, and each gets its own word: as an argument, which `go` evaluates at once. (A `let` or `const` of the loop
// would do as well: in JavaScript it is a new variable in each round.) Concurrency in Go, chapter 3.
import { type Goroutine, go, run } from 'warren'
import { isMain } from '../is-main.ts'

function greet(salutation: string): void {
  console.log(salutation)
}

export async function main(): Promise<void> {
  const greeters: Goroutine<void>[] = []
  for (const salutation of ['hello', 'greetings', 'good day']) greeters.push(go(greet, salutation))
  for (const greeter of greeters) await greeter.join()
}

if (isMain(import.meta)) await run(main)
