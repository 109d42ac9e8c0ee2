// Wait and signal: a queue that takes two. Who adds waits while it is full; who removes says that there is room.
// Concurrency in Go, chapter 3.
import { Cond, type Context, go, Mutex, run, Second, sleep } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(ctx: Context): Promise<void> {
  const lock = new Mutex()
  const hasRoom = new Cond(lock)
  const queue: number[] = []

  const remove = async (delayMs: number): Promise<void> => {
    await sleep(delayMs, ctx)
    using _ = await lock.lock()
    queue.shift()
    console.log('Removed from queue')
    hasRoom.signal()
  }

  for (let i = 0; i < 10; i++) {
    using _ = await lock.lock()
    while (queue.length === 2) await hasRoom.wait()
    console.log('Adding to queue')
    queue.push(i)
    go(remove, 1 * Second)
  }
}

if (isMain(import.meta)) await run(main)
