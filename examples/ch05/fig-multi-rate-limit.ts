// Two tiers as one limiter: two a second keep the requests apart, and ten a minute are how many there may be; a burst uses up the
// minute's, and then they come one by one. Concurrency in Go, chapter 5.
import { type Context, Minute, run, Second } from 'warren'
import { Limiter, multiLimiter, per } from 'warren/resilience'
import { isMain } from '../is-main.ts'
import { type Api, twentyRequests } from '../twenty-requests.ts'

class ApiConnection implements Api {
  readonly #limiter = multiLimiter(new Limiter(per(2, Second), 1), new Limiter(per(10, Minute), 10))

  async readFile(ctx: Context): Promise<void> {
    await this.#limiter.wait(ctx)
  }

  async resolveAddress(ctx: Context): Promise<void> {
    await this.#limiter.wait(ctx)
  }
}

export async function main(ctx: Context): Promise<void> {
  await twentyRequests(new ApiConnection(), ctx)
}

if (isMain(import.meta)) await run(main)
