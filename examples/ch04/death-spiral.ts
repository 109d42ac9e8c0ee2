// A death spiral: a burst makes a queue so long that all give up before they are served, and ask again. The server works for
// nobody, and goes on so when the burst is over. Then the cures. Concurrency in Go, chapter 4 (not one of the book's files).
import { type Chan, type Context, chan, go, run, Second, select, sleep, withCancel, withTimeout } from 'warren'
import { buffer, stats } from 'warren/pipeline'
import { isMain } from '../is-main.ts'

const serviceMs = 100 // at most 10 answers a second
const patienceMs = 1 * Second
const loads = [8, 20, 8, 8] // new clients a second, for five seconds each

interface Request {
  readonly ctx: Context
  readonly answer: Chan<string>
}

async function ask(requests: Chan<Request>, parent: Context): Promise<boolean> {
  for (let tries = 1; tries <= 5; tries++) {
    using ctx = withTimeout(parent, patienceMs)
    const answer = chan<string>(1)
    if (!requests.trySend({ ctx, answer })) await sleep(patienceMs * 2 ** tries, parent)
    else if ((await select({ answer, gaveUp: ctx.done })).case === 'answer') return true
  }
  return false
}

async function simulate(capacity: number, skipsLate: boolean, parent: Context): Promise<string> {
  using ctx = withCancel(parent)
  const requests = chan<Request>()
  const queue = buffer(requests, capacity, { ctx, measured: true })
  go(async function serve() {
    for await (const request of queue) {
      if (skipsLate && request.ctx.err !== undefined) continue // nobody waits for it any more
      await sleep(serviceMs)
      request.answer.trySend('answer')
    }
  })

  let answers = 0
  const goodput: number[] = []
  for (const perSecond of loads) {
    for (let i = 0; i < perSecond * 5; i++) {
      go(async function client() {
        if (await ask(requests, ctx)) answers++
      })
      await sleep(Second / perSecond)
    }
    goodput.push(Math.round(answers / 5))
    answers = 0
  }
  return `${goodput.join(', ')} answers a second; ${stats(queue).length} in the queue`
}

export async function main(ctx: Context): Promise<void> {
  console.log(`no cure: ${await simulate(1_000, false, ctx)}`)
  console.log(`late requests are skipped: ${await simulate(1_000, true, ctx)}`)
  console.log(`the queue is bounded, and who is refused waits: ${await simulate(5, true, ctx)}`)
}

if (isMain(import.meta)) await run(main)
