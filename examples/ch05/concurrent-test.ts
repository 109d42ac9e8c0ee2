// A test that knows: it waits for the first pulse, however long that takes, and from then on nothing of it depends on time.
// Concurrency in Go, chapter 5; compare bad-concurrent-test.ts.
import assert from 'node:assert/strict'
import { type Context, run, Second, sleep } from 'warren'
import { heartbeat } from 'warren/resilience'
import { isMain } from '../is-main.ts'
import { verdict } from '../verdict.ts'

const doWork = (nums: readonly number[], startMs: number, ctx: Context) =>
  heartbeat<number>(
    async function work(worker) {
      await sleep(startMs, ctx) // whatever keeps it from beginning: another process, a disk, a network
      for (const n of nums) {
        worker.beat()
        await worker.send(n)
      }
    },
    { perUnit: true },
    ctx,
  )

async function generatesAllNumbers(startMs: number, ctx: Context): Promise<void> {
  const nums = [0, 1, 2, 3, 5]
  using worker = doWork(nums, startMs, ctx)
  await worker.pulse.receive()
  for (const expected of nums) assert.equal(await worker.results.receive(), expected)
}

export async function main(ctx: Context): Promise<void> {
  for (const startMs of [0.5 * Second, 2 * Second]) {
    console.log(`begins after ${startMs / Second}s: ${await verdict(() => generatesAllNumbers(startMs, ctx))}`)
  }
}

if (isMain(import.meta)) await run(main)
