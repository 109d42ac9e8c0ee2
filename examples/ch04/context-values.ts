// Request-scoped data: what belongs to the request and not to any one function travels in its context. A key is an object with a
// type, so that keys of two modules cannot clash. Concurrency in Go, chapter 4 (not one of the book's files).
import { type Context, run, withValue } from 'warren'
import { contextKey } from 'warren/context'
import { isMain } from '../is-main.ts'

const userId = contextKey<string>('user id')
const authToken = contextKey<string>('auth token')

function processRequest(parent: Context, user: string, token: string): void {
  const ctx = withValue(withValue(parent, userId, user), authToken, token)
  handleResponse(ctx)
}

function handleResponse(ctx: Context): void {
  console.log(`handling response for ${ctx.value(userId)} (auth: ${ctx.value(authToken)})`)
}

export async function main(ctx: Context): Promise<void> {
  processRequest(ctx, 'jane', 'abc123')
  handleResponse(ctx) // nothing of that request is here
}

if (isMain(import.meta)) await run(main)
