// Little's law, from the counters of a queue that is at work: what is in it is what arrives in the time that one stays. Each value
// takes its own time along, to see that it is true. Concurrency in Go, chapter 4 (not one of the book's files).
import { type Context, chan, go, run, Second, sleep } from 'warren'
import { buffer, littlesLaw, stats } from 'warren/pipeline'
import { isMain } from '../../is-main.ts'

const runMs = 20 * Second

export async function main(ctx: Context): Promise<void> {
  const arrivals = chan<number>()
  const queue = buffer(arrivals, 1_000, { measured: true })

  go(async function arrive() {
    while (performance.now() < runMs) {
      await arrivals.send(performance.now(), ctx)
      await sleep(-Math.log(1 - Math.random()) * 20, ctx) // one every 20 ms, on average, but quite irregularly
    }
    arrivals.close()
  })

  let served = 0
  let waitedMs = 0
  for await (const arrivedAt of queue) {
    waitedMs += performance.now() - arrivedAt
    served++
    await sleep(15, ctx)
  }

  const { arrivalRate, meanLength, meanWaitMs } = stats(queue)
  console.log(`${arrivalRate.toFixed(1)} a second, ${meanLength.toFixed(2)} in the queue`)
  console.log(`by the law they wait for ${littlesLaw({ arrivalRate, length: meanLength }).latencyMs.toFixed(2)} ms`)
  console.log(`they have waited for ${(waitedMs / served).toFixed(2)} ms (${meanWaitMs.toFixed(2)} by the counters)`)
}

if (isMain(import.meta)) await run(main)
