// What limiters are given.
import { invalidType, outOfRange } from '../errors/argument.ts'

export function requireDate(name: string, value: unknown): void {
  if (!(value instanceof Date)) throw invalidType(name, 'a Date', value)
  if (Number.isNaN(value.getTime())) throw outOfRange(name, 'a valid Date', value)
}

/** A limit: any number. As in Go, one below 0 is no mistake: it is as good as 0. */
export function requireLimit(name: string, value: unknown): void {
  if (typeof value !== 'number') throw invalidType(name, 'a number of events per second', value)
  if (Number.isNaN(value)) throw outOfRange(name, 'a number of events per second', value)
}
