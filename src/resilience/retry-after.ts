// How long a server asks its clients to stay away.
import { scheduler } from '../runtime/runtime.ts'

interface Headers {
  get?(name: string): unknown
  readonly [name: string]: unknown
}

interface Told {
  readonly retryAfterMs?: unknown
  readonly headers?: Headers | null
  readonly response?: { readonly headers?: Headers | null } | null
}

/**
 * The milliseconds that an error asks to wait before the next try: its `retryAfterMs` (a {@link CircuitOpenError} has it), or
 * the `Retry-After` header, seconds or a date, of its `response` or itself. Undefined when it says nothing that can be
 * understood.
 * @example
 * const patient = exponential(100).delayFrom(retryAfter).attempts(5)
 * const error = Object.assign(new Error('too many requests'), { headers: { 'retry-after': '2' } })
 * console.log(patient.next({ attempt: 1, error, elapsedMs: 0, delayMs: 0 })) // 2000
 */
export function retryAfter(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { retryAfterMs, headers, response } = error as Told
  if (typeof retryAfterMs === 'number' && !Number.isNaN(retryAfterMs)) return retryAfterMs
  return parse(header(response?.headers) ?? header(headers))
}

function header(headers: Headers | null | undefined): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined
  if (typeof headers.get === 'function') return headers.get('retry-after')
  return headers['retry-after'] ?? headers['Retry-After']
}

function parse(value: unknown): number | undefined {
  const text = String(value ?? '').trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(date - scheduler.clock.wallTime(), 0)
}
