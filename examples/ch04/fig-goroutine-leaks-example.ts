// A leak: `doWork` is given a channel on which nothing ever comes, and nobody can tell it to stop. It stays for as long as the
// program does; `warren run --leaks` names it. Concurrency in Go, chapter 4.
import { chan, go, never, type ReceiveChan, run } from 'warren'
import { isMain } from '../is-main.ts'

function doWork(strings: ReceiveChan<string>): ReceiveChan<never> {
  const completed = chan<never>()
  go(async function work() {
    for await (const text of strings) console.log(text)
    console.log('doWork exited.')
    completed.close()
  })
  return completed
}

export async function main(): Promise<void> {
  doWork(never)
  console.log('Done.')
}

if (isMain(import.meta)) await run(main)
