// For the examples that fetch: a web of two sites, without a network.
import { type Context, sleep } from 'warren'

const sites = new Set(['https://www.google.com', 'https://pkg.go.dev'])

/** Gets the status of a site; fails, after a while, for a host that is not there. */
export async function get(url: string, ctx: Context): Promise<string> {
  await sleep(20, ctx)
  if (!sites.has(url)) throw new Error(`Get "${url}": no such host`)
  return '200 OK'
}
