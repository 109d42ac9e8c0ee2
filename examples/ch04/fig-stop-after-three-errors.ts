// Who gets the errors can decide: three are enough here. Leaving the loop ends the stages behind it: the request that had been
// begun meanwhile is cancelled, and no other is made. Concurrency in Go, chapter 4.
import { type Context, run } from 'warren'
import { fromIterable, map } from 'warren/pipeline'
import { isMain } from '../is-main.ts'
import { get } from '../local-web.ts'

export async function main(ctx: Context): Promise<void> {
  const urls = fromIterable(['a', 'https://www.google.com', 'b', 'c', 'd'])
  let errors = 0
  for await (const result of map(urls, get, { ctx, asResult: true })) {
    if (result.ok) {
      console.log(`Response: ${result.value}`)
      continue
    }
    console.log(`error: ${result.error}`)
    if (++errors >= 3) {
      console.log('Too many errors, breaking!')
      break
    }
  }
}

if (isMain(import.meta)) await run(main)
