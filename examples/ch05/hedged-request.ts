// Hedged requests: most of what replicas gain, for a few percent of the load. Another server is asked only when the first one takes
// longer than nearly all do. Concurrency in Go, chapter 5 (not one of the book's files).
import { type Context, run, sleep } from 'warren'
import { Hedger, hedge } from 'warren/resilience'
import { isMain } from '../is-main.ts'

/** Each thirtieth request takes a hundred times as long. */
function makeServer(): (ctx: Context) => Promise<void> {
  let requests = 0
  return (ctx) => sleep(++requests % 30 === 0 ? 1000 : 10, ctx)
}

async function slowestOf(count: number, request: () => PromiseLike<void>): Promise<number> {
  let slowestMs = 0
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    await request()
    slowestMs = Math.max(slowestMs, performance.now() - start)
  }
  return slowestMs
}

export async function main(ctx: Context): Promise<void> {
  const count = 600
  const plain = makeServer()
  console.log(`one server: the slowest of ${count} took ${await slowestOf(count, () => plain(ctx))} ms`)

  const server = makeServer()
  const hedger = new Hedger({ percentile: 95, delayMs: 20 })
  console.log(`hedged: the slowest took ${await slowestOf(count, () => hedge(server, hedger, ctx))} ms`)
  const { hedges, wins } = hedger.stats()
  console.log(`for ${hedges} more requests, ${wins} of which were faster`)
}

if (isMain(import.meta)) await run(main)
