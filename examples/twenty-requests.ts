// For the examples of rate limits: many clients of one service.
import { type Context, Second, WaitGroup } from 'warren'

export interface Api {
  readFile(ctx: Context): Promise<void>
  resolveAddress(ctx: Context): Promise<void>
}

/** Ten clients that read a file and ten that resolve an address, all at once. Prints when each had its answer. */
export async function twentyRequests(api: Api, ctx: Context): Promise<void> {
  const start = performance.now()
  const print = (request: string): void =>
    console.log(`${((performance.now() - start) / Second).toFixed(1)}s ${request}`)
  const wg = new WaitGroup()
  for (let i = 0; i < 10; i++) {
    wg.go(async function read() {
      await api.readFile(ctx)
      print('ReadFile')
    })
  }
  for (let i = 0; i < 10; i++) {
    wg.go(async function resolve() {
      await api.resolveAddress(ctx)
      print('ResolveAddress')
    })
  }
  await wg.wait()
  console.log('Done.')
}
