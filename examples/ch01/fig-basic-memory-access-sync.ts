// A lock keeps the look and the printing together. It does not say who comes first: that race is still there.
// Concurrency in Go, chapter 1.
import { Mutex, run, sleep, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

export async function main(): Promise<void> {
  const access = new Mutex()
  let value = 0

  const wg = new WaitGroup()
  wg.go(async function print() {
    using _ = await access.lock()
    const isUntouched = value === 0
    await sleep(0) // whoever comes now waits for the lock
    console.log(isUntouched ? 'the value is 0.' : `the value is ${value}.`)
  })
  wg.go(async function write() {
    using _ = await access.lock()
    value++
  })
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
