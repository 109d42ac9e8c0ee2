// Replicated requests: ten servers get the same request, the fastest answer counts, and the others are told to stop. It costs ten
// times the load. Concurrency in Go, chapter 5 (not one of the book's files).
import { type Context, run, Second, sleep } from 'warren'
import { replicate } from 'warren/resilience'
import { isMain } from '../is-main.ts'

async function handle(server: number, ctx: Context): Promise<number> {
  const seconds = 1 + 5 * Math.random()
  try {
    await sleep(seconds * Second, ctx)
  } catch (error) {
    console.log(`#${server} would have taken ${seconds.toFixed(3)}s: ${(error as Error).message}`)
    throw error
  }
  console.log(`#${server} took ${seconds.toFixed(3)}s`)
  return server
}

export async function main(ctx: Context): Promise<void> {
  const first = await replicate(10, (ctx, i) => handle(i, ctx), ctx)
  console.log(`Received an answer from #${first}`)
}

if (isMain(import.meta)) await run(main)
