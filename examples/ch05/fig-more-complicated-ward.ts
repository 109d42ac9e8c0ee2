// A ward with values: its stream goes on over all its lives, as one channel. (It is a bridge of the channels of the lives.) What it
// hangs on it meets again each time. Concurrency in Go, chapter 5.
import { type Context, never, run, Second } from 'warren'
import { take } from 'warren/pipeline'
import { heartbeat, steward } from 'warren/resilience'
import { isMain } from '../is-main.ts'

const streamOf = (ints: readonly number[]) => (ctx: Context, intervalMs: number) =>
  heartbeat<number>(
    async function stream(worker) {
      for (const n of ints) {
        if (n < 0) {
          console.log(`negative value: ${n}`)
          await never.receive(ctx) // hangs
        }
        await worker.send(n)
      }
    },
    { intervalMs },
    ctx,
  )

export async function main(ctx: Context): Promise<void> {
  const onRestart = (): void => console.log('steward: ward unhealthy; restarting')
  using healed = steward(streamOf([1, 2, -1, 3, 4, 5]), { timeoutMs: 1 * Second, onRestart }, ctx)
  for await (const n of take(healed.results, 6)) console.log(`Received: ${n}`)
}

if (isMain(import.meta)) await run(main)
