// Checks of options, beside those of errors/argument.ts.
import { invalidType, outOfRange } from '../errors/argument.ts'

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
