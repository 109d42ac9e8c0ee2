// Errors as plain data, causes included. Whatever they hold, it can be made into JSON: nothing here throws.
import { describe } from '../errors/argument.ts'

/** An error as data. */
export interface ErrorData {
  readonly name: string
  readonly message: string
  readonly code?: string | undefined
  readonly stack?: string | undefined
  /** Another error, or what else was thrown. */
  readonly cause?: ErrorData | ThrownData | undefined
  /** Of an AggregateError. */
  readonly errors?: readonly (ErrorData | ThrownData)[] | undefined
}

/** What was thrown though it is no error. */
export interface ThrownData {
  readonly thrown: unknown
}

/** A Failure as data. */
export interface FailureData extends ErrorData {
  readonly code: `ERR_${string}`
  readonly id: string
  /** In ISO 8601. */
  readonly timestamp: string
  readonly misc?: Readonly<Record<string, unknown>> | undefined
}

/** Deeper down only descriptions are kept. */
const deepest = 16

export function toData(error: Error): ErrorData {
  return errorToData(error, [])
}

function errorToData(error: Error, above: readonly object[]): ErrorData {
  const { name, message, stack, code, id, timestamp, misc, errors } = error as Error & Record<string, unknown>
  const path = [...above, error]
  return {
    name: String(name),
    message: String(message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof id === 'string' ? { id } : {}),
    ...(isValidDate(timestamp) ? { timestamp: timestamp.toISOString() } : {}),
    ...(typeof misc === 'object' && misc !== null && Object.keys(misc).length > 0 ? { misc: plain(misc, path) } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
    ...(Array.isArray(errors) ? { errors: errors.map((each) => thrownToData(each, path)) } : {}),
    ...('cause' in error ? { cause: thrownToData(error.cause, path) } : {}),
  }
}

function thrownToData(thrown: unknown, above: readonly object[]): ErrorData | ThrownData {
  try {
    if (isError(thrown) && above.length < deepest && !above.includes(thrown)) return errorToData(thrown, above)
  } catch {} // getters and proxies may throw
  return { thrown: plain(thrown, above) }
}

function isValidDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

/** Also of another realm. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

/** The value as JSON has it, also where `JSON.stringify` would throw or leave it out. */
function plain(value: unknown, above: readonly object[]): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value !== 'object') return describe(value)
  if (above.length >= deepest || above.includes(value)) return describe(value)
  try {
    return plainObject(value, [...above, value])
  } catch {
    return describe(value) // getters and proxies may throw
  }
}

function plainObject(value: object, path: readonly object[]): unknown {
  if (isError(value)) return errorToData(value, path.slice(0, -1))
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(), path)
  if (value instanceof Map) return plain(Object.fromEntries(value), path)
  if (value instanceof Set || Array.isArray(value)) return Array.from(value, (each) => plain(each, path))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, path)]))
}
