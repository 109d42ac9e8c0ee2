// Errors as values: what came of a request, answer or error, goes to the one who knows what it was for. In the library it is
// `map` with `asResult`. Concurrency in Go, chapter 4.
import { type Context, chan, go, type ReceiveChan, run } from 'warren'
import { fromIterable, map, type Result } from 'warren/pipeline'
import { isMain } from '../is-main.ts'
import { get } from '../local-web.ts'

function checkStatus(ctx: Context, urls: readonly string[]): ReceiveChan<Result<string>> {
  const results = chan<Result<string>>()
  go(async function check() {
    for (const url of urls) {
      const result = await get(url, ctx).then(
        (value): Result<string> => ({ ok: true, value }),
        (error): Result<string> => ({ ok: false, error }),
      )
      await results.send(result, ctx)
    }
    results.close()
  })
  return results
}

async function report(results: ReceiveChan<Result<string>>): Promise<void> {
  for await (const result of results) {
    if (result.ok) console.log(`Response: ${result.value}`)
    else console.log(`error: ${result.error}`)
  }
}

export async function main(ctx: Context): Promise<void> {
  const urls = ['https://www.google.com', 'https://badhost']
  await report(checkStatus(ctx, urls))
  await report(map(fromIterable(urls), get, { ctx, asResult: true }))
}

if (isMain(import.meta)) await run(main)
