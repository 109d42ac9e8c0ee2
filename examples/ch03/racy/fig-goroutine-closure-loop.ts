// Three goroutines, one loop variable. Go before 1.22 had one for all rounds; in JavaScript it takes a `var`, which `let` and
// `const` have replaced. Concurrency in Go, chapter 3; racy on purpose: most see the last word.
import { chan, run, sleep, WaitGroup } from 'warren'
import { isMain } from '../../is-main.ts'

export async function main(): Promise<void> {
  const words = chan<string>(3)
  await words.sendMany(['hello', 'greetings', 'good day'])
  words.close()

  const wg = new WaitGroup()
  for await (var salutation of words) {
    wg.go(async function greet() {
      await sleep(0) // the loop may go on meanwhile
      console.log(salutation)
    })
  }
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
