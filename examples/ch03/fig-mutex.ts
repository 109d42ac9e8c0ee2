// A critical section: who reads, waits and writes back must have the counter to himself for all of it. Six goroutines
// count up, six count down, and in the end it is zero. Concurrency in Go, chapter 3.
import { gosched, Mutex, run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const lock = new Mutex()
  let count = 0

  const change = async (verb: string, by: number): Promise<void> => {
    using _ = await lock.lock()
    const before = count
    await gosched() // others run, but none of them gets in here
    count = before + by
    console.log(`${verb}: ${count}`)
  }

  const wg = new WaitGroup()
  for (let i = 0; i < 6; i++) wg.go(() => change('Incrementing', 1))
  for (let i = 0; i < 6; i++) wg.go(() => change('Decrementing', -1))
  await wg.wait()
  console.log('Arithmetic complete.')
}

if (isMain(import.meta)) await run(main)
