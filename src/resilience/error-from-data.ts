// Plain data as errors again. They are made to look as they did; what they were instances of is known only where it is
// told how to make them.
import type { ErrorData, FailureData, ThrownData } from './error-data.ts'

/** Makes an error of a class of its own, under the cause it had; undefined for those that are just errors. */
type Revive = (data: ErrorData, cause: ErrorOptions) => Error | undefined

export function toError(data: ErrorData, revive: Revive): Error {
  const cause = data.cause === undefined ? {} : { cause: toThrown(data.cause, revive) }
  const error = revive(data, cause) ?? plainError(data, cause, revive)
  define(error, 'name', data.name)
  if (data.stack !== undefined) define(error, 'stack', data.stack)
  return error
}

function toThrown(data: ErrorData | ThrownData, revive: Revive): unknown {
  return 'thrown' in data ? data.thrown : toError(data, revive)
}

function plainError(data: ErrorData, cause: ErrorOptions, revive: Revive): Error {
  const { errors, message, code } = data
  const error =
    errors === undefined
      ? new Error(message, cause)
      : new AggregateError(
          errors.map((each) => toThrown(each, revive)),
          message,
          cause,
        )
  return code === undefined ? error : Object.assign(error, { code })
}

function define(error: Error, key: 'name' | 'stack', value: string): void {
  if (error[key] === value) return
  Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false })
}

export function isFailureData(value: unknown): value is FailureData {
  if (typeof value !== 'object' || value === null) return false
  const { name, message, code, id, timestamp } = value as Record<string, unknown>
  const isError = typeof name === 'string' && typeof message === 'string' && typeof code === 'string'
  return isError && typeof id === 'string' && typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp))
}
