// A token bucket: it holds one token, and gets another one each second. A request waits for its token, in the order of asking, or
// until its context ends. Concurrency in Go, chapter 5.
import { type Context, run, Second } from 'warren'
import { every, Limiter } from 'warren/resilience'
import { isMain } from '../is-main.ts'
import { type Api, twentyRequests } from '../twenty-requests.ts'

class ApiConnection implements Api {
  readonly #limiter = new Limiter(every(1 * Second), 1)

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
