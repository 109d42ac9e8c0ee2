// A deadline can be looked at: who knows that there is not enough time left fails at once, and wastes nobody's.
// Concurrency in Go, chapter 4 (not one of the book's files).
import { type Context, DeadlineExceededError, Minute, run, Second, sleep, withDeadline } from 'warren'
import { isMain } from '../is-main.ts'

const localeMs = 1 * Minute

async function locale(ctx: Context): Promise<string> {
  if (ctx.deadline !== undefined && ctx.deadline.getTime() - Date.now() <= localeMs) throw new DeadlineExceededError()
  await sleep(localeMs, ctx)
  return 'EN/US'
}

export async function main(parent: Context): Promise<void> {
  const start = Date.now()
  for (const seconds of [1, 90]) {
    using ctx = withDeadline(parent, new Date(Date.now() + seconds * Second))
    const answer = await locale(ctx).catch((error) => error.message)
    console.log(`${seconds}s: ${answer}, after ${(Date.now() - start) / Second}s`)
  }
}

if (isMain(import.meta)) await run(main)
