// Confinement of what is not safe to share: each goroutine is given its own part of an array of bytes, and cannot see the other.
// They need no lock, since there is nothing to take turns for. Concurrency in Go, chapter 4.
import { run, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

function print(data: Uint8Array): void {
  console.log(String.fromCharCode(...data))
}

export async function main(): Promise<void> {
  const data = new TextEncoder().encode('golang')
  const wg = new WaitGroup()
  wg.go(() => print(data.subarray(0, 3)))
  wg.go(() => print(data.subarray(3)))
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
