// Several dimensions: every request counts for the API, one for a file for the disk too, and one for an address for the network.
// Each waits for the strictest of what it uses. Concurrency in Go, chapter 5.
import { type Context, Minute, run, Second } from 'warren'
import { Limiter, multiLimiter, per } from 'warren/resilience'
import { isMain } from '../is-main.ts'
import { type Api, twentyRequests } from '../twenty-requests.ts'

class ApiConnection implements Api {
  readonly #api = multiLimiter(new Limiter(per(2, Second), 1), new Limiter(per(10, Minute), 10))
  readonly #disk = multiLimiter(this.#api, new Limiter(per(1, Second), 1))
  readonly #network = multiLimiter(this.#api, new Limiter(per(3, Second), 3))

  async readFile(ctx: Context): Promise<void> {
    await this.#disk.wait(ctx)
  }

  async resolveAddress(ctx: Context): Promise<void> {
    await this.#network.wait(ctx)
  }
}

export async function main(ctx: Context): Promise<void> {
  await twentyRequests(new ApiConnection(), ctx)
}

if (isMain(import.meta)) await run(main)
