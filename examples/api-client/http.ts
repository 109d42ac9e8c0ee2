// One request over HTTP, without any patience: what it throws says whether it is worth another try.

import type { Context } from 'warren'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The service has answered, and it was no. */
export class HttpError extends Error {
  readonly status: number
  /** Where Retry-After stands. */
  readonly headers: Headers

  constructor(path: string, { status, headers }: Response) {
    super(`${path}: status ${status}`)
    this.status = status
    this.headers = headers
  }
}

/** Nobody has answered. */
export class UnreachableError extends Error {}

/** What `read` makes of the answer. Until it has, the connection may still be lost. */
export async function request<T>(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
  ctx: Context,
): Promise<T> {
  const { pathname } = new URL(url)
  try {
    const response = await fetch(url, { ...init, signal: ctx.signal })
    if (response.ok) return await read(response)
    await response.body?.cancel()
    throw new HttpError(pathname, response)
  } catch (error) {
    // That is what fetch throws for anything that happens on the network.
    if (!(error instanceof TypeError)) throw error
    const reason = (error.cause as Error | undefined)?.message ?? error.message
    throw new UnreachableError(`${pathname}: ${reason}`, { cause: error })
  }
}
