// A client of a service that has limits and bad days. Each concern is a line; what goes around what is the order of the lines.

import { type Context, DeadlineExceededError, Minute, type Operation, Second } from 'warren'
import {
  AllFailedError,
  CircuitOpenError,
  circuitBreaker,
  compose,
  exponential,
  Hedger,
  hedge,
  Limiter,
  multiLimiter,
  per,
  retry,
  retryAfter,
  timeout,
} from 'warren/resilience'
import { type Fetch, HttpError, request, UnreachableError } from './http.ts'

export interface Service {
  readonly url: string
  /** How many requests it takes in any second, and in any minute. */
  readonly perSecond: number
  readonly perMinute: number
  /** After which an answer is unusually late, until it is known what is usual. */
  readonly lateMs: number
  readonly timeoutMs: number
  readonly fetch: Fetch
}

/** In time, not in tries: while the circuit is open, tries are refused by ourselves. */
const patience = exponential(200, { maxMs: 10 * Second })
  .jitter()
  .retryIf(isTransient)
  .delayFrom(retryAfter)
  .within(2 * Minute)

export class ApiClient {
  readonly reads: Hedger
  readonly #service: Service
  readonly #quota
  readonly #breaker = circuitBreaker({
    consecutiveFailures: 5,
    openMs: exponential(Second, { maxMs: Minute }).delayFrom(retryAfter),
    isFailure: isTransient,
  })
  readonly #patiently = compose((fn, ctx) => retry(fn, patience, ctx), this.#breaker.run)

  constructor(service: Service) {
    this.#service = service
    this.#quota = multiLimiter(within(service.perSecond, Second), within(service.perMinute, Minute))
    this.reads = new Hedger({ percentile: 95, delayMs: service.lateMs, isFinal: (error) => error instanceof HttpError })
  }

  /** Asks for something, and asks again beside that when the answer is late: to read twice does no harm. */
  read<T>(path: string, ctx: Context): Operation<T> {
    const ask = async (ctx: Context, i: number): Promise<T> => {
      if (i > 0) await this.#quota.wait(ctx)
      return await this.#json<T>(path, {}, ctx)
    }
    return this.#patiently(async (ctx) => {
      await this.#quota.wait(ctx) // before the clock of what is late begins
      return await hedge(ask, this.reads, ctx)
    }, ctx)
  }

  /** Changes something: one request at a time, and a key by which the service knows that it is the same change again. */
  write<T>(path: string, body: unknown, ctx: Context): Operation<T> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    return this.#patiently(async (ctx) => {
      await this.#quota.wait(ctx)
      return await this.#json<T>(path, init, ctx)
    }, ctx)
  }

  /** An answer that goes on, within the quota as all others. */
  async open(path: string, ctx: Context): Promise<Response> {
    await this.#quota.wait(ctx)
    return await request(this.#service.fetch, this.#service.url + path, {}, async (response) => response, ctx)
  }

  #json<T>(path: string, init: RequestInit, ctx: Context): Operation<T> {
    const { fetch, url, timeoutMs } = this.#service
    const readJson = async (response: Response): Promise<T> => (await response.json()) as T
    return timeout((ctx) => request(fetch, url + path, init, readJson, ctx), timeoutMs, ctx)
  }
}

/** At most `events` in any `ms` milliseconds: what is in the bucket at once, and what drips into it meanwhile. */
function within(events: number, ms: number): Limiter {
  const burst = Math.max(1, Math.floor(events / 10))
  return new Limiter(per(Math.max(1, events - burst), ms), burst)
}

/** Whether it may be well if it is tried again. */
function isTransient(error: unknown): boolean {
  if (error instanceof AllFailedError) return error.errors.some(isTransient)
  if (error instanceof HttpError) return error.status === 429 || error.status >= 500
  return [UnreachableError, DeadlineExceededError, CircuitOpenError].some((kind) => error instanceof kind)
}
