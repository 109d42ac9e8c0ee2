// Errors for arguments of the wrong type or range, in one wording: what was expected, and the value that came.
import { PanicError } from './panic-error.ts'

/** A short picture of any value for an error message; never throws. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `'${value.slice(0, 40)}…'` : `'${value}'`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return String(value)
  try {
    return describeObject(value)
  } catch {
    return 'an object' // getters and proxies may throw
  }
}

function describeObject(value: object): string {
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name
  return typeof name === 'string' && name !== 'Object' ? `an instance of ${name}` : 'an object'
}

export function invalidType(name: string, expected: string, value: unknown): PanicError {
  const actual = describe(value)
  const message = `${name} must be ${expected}, not ${actual === 'an object' ? describeKeys(value as object) : actual}`
  return new PanicError('ERR_INVALID_ARG_TYPE', { message })
}

/** What options there are shows which are missing. The names alone: values may be long, or secret. */
function describeKeys(value: object): string {
  try {
    const keys = Object.keys(value)
    return keys.length === 0 ? '{}' : `{ ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''} }`
  } catch {
    return 'an object' // a proxy may throw
  }
}

export function outOfRange(name: string, expected: string, value: unknown): PanicError {
  return new PanicError('ERR_OUT_OF_RANGE', { message: `${name} must be ${expected}, not ${describe(value)}` })
}

export function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidType(name, 'a function', value)
}

/** Throws unless `value` is an integer of at least `least`. */
export function requireInteger(name: string, value: unknown, least: number): void {
  if (typeof value !== 'number') throw invalidType(name, 'a number', value)
  if (!Number.isSafeInteger(value) || value < least) throw outOfRange(name, `an integer of at least ${least}`, value)
}

/** Throws unless `value` is a duration in milliseconds: a number, not NaN; infinite and negative ones are allowed. */
export function requireDuration(name: string, value: unknown): void {
  if (typeof value !== 'number') throw invalidType(name, 'a number of milliseconds', value)
  if (Number.isNaN(value)) throw outOfRange(name, 'a number of milliseconds', value)
}

export function requireObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw invalidType(name, 'an object', value)
}

/** Throws unless `value` is a number from `least` on; `Infinity` is one. */
export function requireAtLeast(name: string, value: unknown, least: number): void {
  if (typeof value !== 'number') throw invalidType(name, 'a number', value)
  if (!(value >= least)) throw outOfRange(name, `at least ${least}`, value)
}

/** Throws unless `value` is a finite number above 0. */
export function requirePeriod(name: string, value: unknown): void {
  if (typeof value !== 'number') throw invalidType(name, 'a number of milliseconds', value)
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw outOfRange(name, 'above 0 and finite', value)
}

export function requireDate(name: string, value: unknown): void {
  if (!(value instanceof Date)) throw invalidType(name, 'a Date', value)
  if (Number.isNaN(value.getTime())) throw outOfRange(name, 'a valid Date', value)
}
