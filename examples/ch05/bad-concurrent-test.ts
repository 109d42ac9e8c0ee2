// A bad test: it hopes that the worker will be in time. The worker is right both times; how long it takes until it begins depends on
// the machine, and so does the verdict. Concurrency in Go, chapter 5; concurrent-test.ts does not hope.
import assert from 'node:assert/strict'
import { after, type Context, run, Second, select, sleep } from 'warren'
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
  for (const expected of nums) {
    const picked = await select({ result: worker.results, timeout: after(1 * Second) })
    if (picked.case === 'timeout') assert.fail('test timed out')
    assert.equal(picked.value, expected)
  }
}

export async function main(ctx: Context): Promise<void> {
  for (const startMs of [0.5 * Second, 2 * Second]) {
    console.log(`begins after ${startMs / Second}s: ${await verdict(() => generatesAllNumbers(startMs, ctx))}`)
  }
}

if (isMain(import.meta)) await run(main)
