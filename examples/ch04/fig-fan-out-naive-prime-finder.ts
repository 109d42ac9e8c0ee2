// Fan-out: ten finders read the same channel, and whoever is free takes the next number. Fan-in: what they find goes into one
// channel. By hand; with `fanOut` and `merge`; and as an option of the stage. Concurrency in Go, chapter 4.
import { type Context, chan, go, type ReceiveChan, run, Second, WaitGroup, withCancel } from 'warren'
import { fanOut, filter, merge, repeatFn, take } from 'warren/pipeline'
import { isMain } from '../is-main.ts'
import { isPrime } from '../slow-prime.ts'

const finders = 10

const findPrimes = (numbers: ReceiveChan<number>): ReceiveChan<number> => filter(numbers, isPrime)

function fanIn<T>(ctx: Context, channels: readonly ReceiveChan<T>[]): ReceiveChan<T> {
  const out = chan<T>()
  const wg = new WaitGroup()
  for (const channel of channels) {
    wg.go(async function multiplex() {
      for await (const value of channel) await out.send(value, ctx)
    })
  }
  go(async function close() {
    await wg.wait()
    out.close()
  })
  return out
}

function byHand(numbers: ReceiveChan<number>, ctx: Context): ReceiveChan<number> {
  const channels = Array.from({ length: finders }, () => findPrimes(numbers))
  return fanIn(ctx, channels)
}

const withStages = (numbers: ReceiveChan<number>) => merge(...fanOut(numbers, finders).map(findPrimes))

const asOption = (numbers: ReceiveChan<number>) => filter(numbers, isPrime, { concurrency: finders })

export async function main(parent: Context): Promise<void> {
  for (const search of [byHand, withStages, asOption]) {
    using ctx = withCancel(parent)
    const start = performance.now()
    let n = 50_000
    const numbers = repeatFn(() => ++n, ctx)

    console.log('Primes:')
    for await (const prime of take(search(numbers, ctx), 10)) console.log(`\t${prime}`)
    console.log(`Search took: ${((performance.now() - start) / Second).toFixed(1)}s`)
  }
}

if (isMain(import.meta)) await run(main)
