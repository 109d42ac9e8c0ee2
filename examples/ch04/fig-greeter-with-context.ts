// A context handed down: `genGreeting` gives itself a second, which its caller need not know of. When that is over the greeting
// has failed, and `main` cancels the farewell too. Concurrency in Go, chapter 4.
import { type Context, Minute, run, Second, sleep, WaitGroup, withCancel, withTimeout } from 'warren'
import { isMain } from '../is-main.ts'

async function printGreeting(ctx: Context): Promise<void> {
  console.log(`${await genGreeting(ctx)} world!`)
}

async function printFarewell(ctx: Context): Promise<void> {
  console.log(`${await genFarewell(ctx)} world!`)
}

async function genGreeting(parent: Context): Promise<string> {
  using ctx = withTimeout(parent, 1 * Second)
  if ((await locale(ctx)) === 'EN/US') return 'hello'
  throw new Error('unsupported locale')
}

async function genFarewell(ctx: Context): Promise<string> {
  if ((await locale(ctx)) === 'EN/US') return 'goodbye'
  throw new Error('unsupported locale')
}

async function locale(ctx: Context): Promise<string> {
  await sleep(1 * Minute, ctx)
  return 'EN/US'
}

export async function main(parent: Context): Promise<void> {
  using ctx = withCancel(parent)
  const wg = new WaitGroup()
  wg.go(async function greet() {
    await printGreeting(ctx).catch((error) => {
      console.log(`cannot print greeting: ${error.message}`)
      ctx.cancel()
    })
  })
  wg.go(async function sayFarewell() {
    await printFarewell(ctx).catch((error) => console.log(`cannot print farewell: ${error.message}`))
  })
  await wg.wait()
}

if (isMain(import.meta)) await run(main)
