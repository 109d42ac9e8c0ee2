// A pulse for each unit of work: it says that the worker has begun with it. A listener that is not there, or slow, never holds the
// worker up. Concurrency in Go, chapter 5.
import { type Context, run, select } from 'warren'
import { heartbeat } from 'warren/resilience'
import { isMain } from '../is-main.ts'

const doWork = (ctx: Context) =>
  heartbeat<number>(
    async function work(worker) {
      for (let i = 0; i < 10; i++) {
        worker.beat()
        await worker.send(Math.floor(Math.random() * 10))
      }
    },
    { perUnit: true },
    ctx,
  )

export async function main(ctx: Context): Promise<void> {
  const { pulse, results } = doWork(ctx)
  for (;;) {
    const picked = await select({ pulse, results }, { order: 'listed' })
    if (!picked.ok) return
    console.log(picked.case === 'pulse' ? 'pulse' : `results ${picked.value}`)
  }
}

if (isMain(import.meta)) await run(main)
