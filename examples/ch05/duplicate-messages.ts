// Duplicate messages: who is cancelled while he waits for an answer does not know whether the message came, and sends it again. The
// receiver drops what it has seen. Concurrency in Go, chapter 5 (not one of the book's files).
import { type Chan, type Context, chan, go, Minute, run, Second, select, sleep, withTimeout } from 'warren'
import { dedupe } from 'warren/resilience'
import { isMain } from '../is-main.ts'

interface Message {
  readonly id: number
  readonly handled: Chan<never>
}

async function deliver(id: number, inbox: Chan<Message>, parent: Context): Promise<void> {
  const handled = chan<never>()
  for (;;) {
    using ctx = withTimeout(parent, 1 * Second)
    console.log(`sending ${id}`)
    await inbox.send({ id, handled }, ctx)
    if ((await select({ handled, gaveUp: ctx.done })).case === 'handled') return
  }
}

export async function main(ctx: Context): Promise<void> {
  const inbox = chan<Message>(10)
  go(async function send() {
    for (const id of [1, 2, 3]) await deliver(id, inbox, ctx)
    inbox.close()
  })

  for await (const { id, handled } of dedupe(inbox, { key: ({ id }) => id, windowMs: 1 * Minute })) {
    await sleep(id === 2 ? 1500 : 100, ctx)
    console.log(`handled ${id}`)
    handled.close()
  }
}

if (isMain(import.meta)) await run(main)
