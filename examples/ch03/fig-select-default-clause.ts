// `trySelect` is a select with a default: when no case is ready, it gives undefined at once. Concurrency in Go, chapter 3.
import { never, run, trySelect } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const start = performance.now()
  const picked = trySelect({ c1: never, c2: never })
  const ns = Math.round((performance.now() - start) * 1e6)
  if (picked === undefined) console.log(`In default after ${ns}ns`)
}

if (isMain(import.meta)) await run(main)
