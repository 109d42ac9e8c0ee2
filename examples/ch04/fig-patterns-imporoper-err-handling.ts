// Errors in the wrong place: the goroutine knows that a request failed, prints that, and can do no more. Whoever asked sees
// one answer less, and does not learn why. Concurrency in Go, chapter 4.
import { type Context, chan, go, type ReceiveChan, run } from 'warren'
import { isMain } from '../is-main.ts'
import { get } from '../local-web.ts'

function checkStatus(ctx: Context, ...urls: string[]): ReceiveChan<string> {
  const responses = chan<string>()
  go(async function check() {
    for (const url of urls) {
      try {
        await responses.send(await get(url, ctx), ctx)
      } catch (error) {
        console.log(`${error}`)
      }
    }
    responses.close()
  })
  return responses
}

export async function main(ctx: Context): Promise<void> {
  for await (const response of checkStatus(ctx, 'https://www.google.com', 'https://badhost')) {
    console.log(`Response: ${response}`)
  }
}

if (isMain(import.meta)) await run(main)
