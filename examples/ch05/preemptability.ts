// Preemptability: work stops where it looks whether it should. Between two looks nothing can stop it, so the longest stretch without
// one is how long it goes on for nobody. Concurrency in Go, chapter 5 (not one of the book's files).
import { type Context, run, Second, sleep, withTimeout } from 'warren'
import { isMain } from '../is-main.ts'

/** Looks before each of its two parts. */
async function coarse(ctx: Context): Promise<void> {
  for (let part = 0; part < 2; part++) {
    if (ctx.err !== undefined) throw ctx.err
    await sleep(10 * Second)
  }
}

/** Looks all the time: everything that it waits for has the context. */
async function fine(ctx: Context): Promise<void> {
  for (let part = 0; part < 2; part++) await sleep(10 * Second, ctx)
}

export async function main(parent: Context): Promise<void> {
  for (const calculate of [coarse, fine]) {
    const start = performance.now()
    using ctx = withTimeout(parent, 3 * Second)
    await calculate(ctx).catch((error) => {
      console.log(`${calculate.name}: ${error.message}, and stopped after ${(performance.now() - start) / Second}s`)
    })
  }
}

if (isMain(import.meta)) await run(main)
