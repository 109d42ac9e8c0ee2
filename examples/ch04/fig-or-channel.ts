// The or-channel: many channels as one, which closes as soon as one of them does. By hand it is a tree of goroutines, each of
// which waits for a few channels and for its parent; `or` of the library needs none. Concurrency in Go, chapter 4.
import { after, chan, go, Hour, Minute, never, type ReceiveChan, run, Second, select } from 'warren'
import { or } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

type Done = ReceiveChan<unknown>

function orByHand(...channels: Done[]): Done {
  const [first, second, third, ...rest] = channels
  if (second === undefined) return first ?? never
  const done = chan<never>()
  go(async function either() {
    // The rest is told of the end by `done`: when one of the tree ends, all do.
    await select([first!, second, third ?? null, rest.length > 0 ? orByHand(...rest, done) : null])
    done.close()
  })
  return done
}

async function measure(name: string, anyOf: (...channels: Done[]) => Done): Promise<void> {
  const start = performance.now()
  await anyOf(after(2 * Hour), after(5 * Minute), after(1 * Hour), after(1 * Second), after(1 * Minute)).receive()
  console.log(`${name}: done after ${((performance.now() - start) / Second).toFixed(2)}s`)
}

export async function main(): Promise<void> {
  await measure('by hand', orByHand)
  await measure('or', or)
}

if (isMain(import.meta)) await run(main)
