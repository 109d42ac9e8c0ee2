// The leak mended: who starts a goroutine must be able to stop it. Closing `done` says so; each wait listens to it. A context
// is such a channel (`ctx.done`), and `strings.receive(ctx)` is this select. Concurrency in Go, chapter 4.
import { chan, go, never, type ReceiveChan, run, Second, select, sleep } from 'warren'
import { isMain } from '../is-main.ts'

function doWork(done: ReceiveChan<never>, strings: ReceiveChan<string>): ReceiveChan<never> {
  const terminated = chan<never>()
  go(async function work() {
    for (;;) {
      const picked = await select({ text: strings, done })
      if (picked.case === 'done') break
      console.log(picked.value)
    }
    console.log('doWork exited.')
    terminated.close()
  })
  return terminated
}

export async function main(): Promise<void> {
  const done = chan<never>()
  const terminated = doWork(done, never)

  go(async function cancel() {
    await sleep(1 * Second)
    console.log('Canceling doWork goroutine...')
    done.close()
  })

  await terminated.receive()
  console.log('Done.')
}

if (isMain(import.meta)) await run(main)
