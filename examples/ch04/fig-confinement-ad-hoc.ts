// Ad-hoc confinement: `data` is in reach of both functions, and only a convention says that `loopData` alone touches it. Nothing
// keeps the next change of this file from breaking it. Concurrency in Go, chapter 4.
import { chan, go, run, type SendChan } from 'warren'
import { isMain } from '../is-main.ts'

const data = [0, 0, 0, 0]

async function loopData(handled: SendChan<number>): Promise<void> {
  for (const n of data) await handled.send(n)
  handled.close()
}

export async function main(): Promise<void> {
  const handled = chan<number>()
  go(loopData, handled)
  for await (const n of handled) console.log(n)
}

if (isMain(import.meta)) await run(main)
