// Healing: a steward listens for the pulses of its ward, and when there are none for four seconds it ends the ward and starts it
// again. This ward never pulses. Concurrency in Go, chapter 5.
import { afterFunc, type Context, go, never, type ReceiveChan, run, Second, withCancel } from 'warren'
import { steward } from 'warren/resilience'
import { isMain } from '../is-main.ts'

/** Gives the channel of its pulses: the nil channel. */
function startWard(ctx: Context): ReceiveChan<never> {
  go(async function ward() {
    console.log("ward: Hello, I'm irresponsible!")
    await ctx.done.receive()
    console.log('ward: I am halting.')
  })
  return never
}

export async function main(parent: Context): Promise<void> {
  using ctx = withCancel(parent)
  afterFunc(9 * Second, () => {
    console.log('main: halting steward and ward.')
    ctx.cancel()
  })

  const onRestart = (): void => console.log('steward: ward unhealthy; restarting')
  for await (const _ of steward(startWard, { timeoutMs: 4 * Second, onRestart }, ctx).pulse) {
    // That the steward itself is alive; another one could listen for it.
  }
  console.log('Done')
}

if (isMain(import.meta)) await run(main)
