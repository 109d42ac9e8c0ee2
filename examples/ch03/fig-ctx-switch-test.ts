// What it costs to go from one goroutine to another: two of them, and a token that is handed over through an unbuffered channel.
// Concurrency in Go, chapter 3. Measure with plain `node`: `warren run` also notes where each wait is, which costs far more.
import { chan, run, WaitGroup } from 'warren'
import { bench } from '../bench.ts'
import { isMain } from '../is-main.ts'

const count = 20_000

async function betweenGenerators(count: number): Promise<void> {
  const tokens = chan<number>()
  const wg = new WaitGroup()
  wg.go(function* send() {
    for (let i = 0; i < count; i++) yield* tokens.send(i)
  })
  wg.go(function* receive() {
    for (let i = 0; i < count; i++) yield* tokens.receive()
  })
  await wg.wait()
}

async function betweenAsync(count: number): Promise<void> {
  const tokens = chan<number>()
  const wg = new WaitGroup()
  wg.go(async function send() {
    for (let i = 0; i < count; i++) await tokens.send(i)
  })
  wg.go(async function receive() {
    for (let i = 0; i < count; i++) await tokens.receive()
  })
  await wg.wait()
}

export async function main(): Promise<void> {
  await bench('generator goroutines', count, betweenGenerators)
  await bench('async goroutines', count, betweenAsync)
}

if (isMain(import.meta)) await run(main)
