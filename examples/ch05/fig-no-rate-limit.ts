// No limit: whoever asks is served, and twenty clients at once are twenty requests at once. Concurrency in Go, chapter 5.
import { type Context, run } from 'warren'
import { isMain } from '../is-main.ts'
import { type Api, twentyRequests } from '../twenty-requests.ts'

class ApiConnection implements Api {
  async readFile(_ctx: Context): Promise<void> {}

  async resolveAddress(_ctx: Context): Promise<void> {}
}

export async function main(ctx: Context): Promise<void> {
  await twentyRequests(new ApiConnection(), ctx)
}

if (isMain(import.meta)) await run(main)
