// A worker that hangs: its pulses stop, and whoever listens knows, without a lock on it and without a guess at how long its work
// may take. Concurrency in Go, chapter 5.
import { after, type Context, never, run, Second, select, sleep } from 'warren'
import { heartbeat } from 'warren/resilience'
import { isMain } from '../is-main.ts'

const timeoutMs = 2 * Second

const doWork = (ctx: Context) =>
  heartbeat<number>(
    async function work(worker) {
      await worker.wait(sleep(1.5 * Second, ctx))
      await never.receive(ctx) // a wait that it does not tell of
      await worker.send(1)
    },
    { intervalMs: timeoutMs / 2 },
    ctx,
  )

export async function main(ctx: Context): Promise<void> {
  using worker = doWork(ctx)
  const { pulse, results } = worker
  for (;;) {
    const picked = await select({ pulse, results, silence: after(timeoutMs) })
    if (picked.case === 'silence') return console.log('worker goroutine is not healthy!')
    console.log(picked.case)
  }
}

if (isMain(import.meta)) await run(main)
