// Closing a channel lets everybody go who waits for it, however many they are. Concurrency in Go, chapter 3.
import { chan, run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const begin = chan<never>()
  const wg = new WaitGroup()
  for (let i = 0; i < 5; i++) {
    wg.go(async function runner() {
      await begin.receive()
      console.log(`${i} has begun`)
    })
  }

  console.log('Unblocking goroutines...')
  begin.close()
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
