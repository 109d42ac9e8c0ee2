// Negative feedback: the longer the queue, the less is sent. Here the sender looks at it each second, and adds a little to its rate
// or halves it, as TCP does; so it finds what the server can do. Concurrency in Go, chapter 4 (not one of the book's files).
import { type Context, chan, go, run, Second, sleep } from 'warren'
import { buffer, stats } from 'warren/pipeline'
import { Limiter, per } from 'warren/resilience'
import { isMain } from '../../is-main.ts'

const capacities = [20, 5, 20] // requests a second, for thirty seconds each

export async function main(ctx: Context): Promise<void> {
  const requests = chan<string>()
  const queue = buffer(requests, 1000, { ctx, measured: true })
  let capacity = 0
  go(async function serve() {
    for await (const _ of queue) await sleep(Second / capacity, ctx)
  })

  const limiter = new Limiter(per(1, Second), 1)
  go(async function send() {
    for (;;) {
      await limiter.wait(ctx)
      await requests.send('request', ctx)
    }
  })

  for (capacity of capacities) {
    const before = stats(queue).departures
    let longest = 0
    for (let second = 0; second < 30; second++) {
      await sleep(1 * Second, ctx)
      const { length } = stats(queue)
      longest = Math.max(longest, length)
      limiter.setLimit(length > 3 ? limiter.limit / 2 : limiter.limit + 2)
    }
    const served = (stats(queue).departures - before) / 30
    console.log(`can do ${capacity} a second, does ${served.toFixed(1)}; at most ${longest} in the queue`)
  }
}

if (isMain(import.meta)) await run(main)
