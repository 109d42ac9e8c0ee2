// A `done` channel handed down through every call, so that whoever is below can be told to stop. It can say that, and nothing
// more: neither why, nor by when. Concurrency in Go, chapter 4; compare fig-greeter-with-context.ts.
import { after, chan, Minute, type ReceiveChan, run, select, WaitGroup } from 'warren'
import { isMain } from '../is-main.ts'

type Done = ReceiveChan<never>

async function printGreeting(done: Done): Promise<void> {
  console.log(`${await genGreeting(done)} world!`)
}

async function printFarewell(done: Done): Promise<void> {
  console.log(`${await genFarewell(done)} world!`)
}

async function genGreeting(done: Done): Promise<string> {
  if ((await locale(done)) === 'EN/US') return 'hello'
  throw new Error('unsupported locale')
}

async function genFarewell(done: Done): Promise<string> {
  if ((await locale(done)) === 'EN/US') return 'goodbye'
  throw new Error('unsupported locale')
}

async function locale(done: Done): Promise<string> {
  const picked = await select({ done, found: after(1 * Minute) })
  if (picked.case === 'done') throw new Error('canceled')
  return 'EN/US'
}

export async function main(): Promise<void> {
  const done = chan<never>()
  const wg = new WaitGroup()
  wg.go(async function greet() {
    await printGreeting(done).catch((error) => console.log(`${error.message}`))
  })
  wg.go(async function sayFarewell() {
    await printFarewell(done).catch((error) => console.log(`${error.message}`))
  })
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
