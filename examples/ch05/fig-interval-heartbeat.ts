// A heartbeat by interval: pulses say that a worker is alive while it has no result to show, so that silence means something.
// Concurrency in Go, chapter 5.
import { after, type Context, run, Second, select, sleep } from 'warren'
import { heartbeat } from 'warren/resilience'
import { isMain } from '../is-main.ts'

const timeoutMs = 2 * Second

const doWork = (ctx: Context) =>
  heartbeat<number>(
    async function work(worker) {
      for (let second = 2; ; second += 2) {
        await worker.wait(sleep(2 * Second, ctx))
        await worker.send(second)
      }
    },
    { intervalMs: timeoutMs / 2 },
    ctx,
  )

export async function main(ctx: Context): Promise<void> {
  using worker = doWork(ctx)
  const { pulse, results } = worker
  for (let received = 0; received < 5; ) {
    const picked = await select({ pulse, results, silence: after(timeoutMs) })
    if (picked.case === 'silence') return console.log('worker goroutine is not healthy!')
    if (picked.case === 'results') received++
    console.log(picked.case)
  }
}

if (isMain(import.meta)) await run(main)
