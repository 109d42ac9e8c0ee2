// The same test where each unit takes long: pulses at an interval say that the worker is still at it, and only if they stop has it
// failed. Concurrency in Go, chapter 5; compare bad-concurrent-test.ts.
import assert from 'node:assert/strict'
import { after, type Context, run, Second, select, sleep } from 'warren'
import { heartbeat } from 'warren/resilience'
import { isMain } from '../is-main.ts'
import { verdict } from '../verdict.ts'

const doWork = (nums: readonly number[], intervalMs: number, ctx: Context) =>
  heartbeat<number>(
    async function work(worker) {
      for (const n of nums) {
        await worker.wait(sleep(2 * Second, ctx))
        await worker.send(n)
      }
    },
    { intervalMs },
    ctx,
  )

async function generatesAllNumbers(ctx: Context): Promise<void> {
  const timeoutMs = 1 * Second
  const nums = [0, 1, 2, 3, 5]
  using worker = doWork(nums, timeoutMs / 2, ctx)
  const { pulse, results: result } = worker
  for (let i = 0; i < nums.length; ) {
    const picked = await select({ result, pulse, silence: after(timeoutMs) })
    if (picked.case === 'silence') assert.fail('test timed out')
    if (picked.case === 'result') assert.equal(picked.value, nums[i++])
  }
}

export async function main(ctx: Context): Promise<void> {
  console.log(await verdict(() => generatesAllNumbers(ctx)))
}

if (isMain(import.meta)) await run(main)
