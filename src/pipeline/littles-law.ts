// Little's law: what is in a stable system is what arrives in the time that one of them stays (L = lambda W).
import { invalidType, outOfRange } from '../errors/argument.ts'

/** Two of the three quantities of a stable queue. */
export interface QueueFigures {
  /** Arrivals per second. */
  readonly arrivalRate?: number | undefined
  /** How many are in the system, on average. */
  readonly length?: number | undefined
  /** How long each of them stays, on average, in milliseconds. */
  readonly latencyMs?: number | undefined
}

/**
 * Gives the third quantity of Little's law from the other two: `length = arrivalRate * latency`.
 *
 * It holds for averages of a system in which as many leave as arrive; nothing else about it matters.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when not exactly two are given, or one is no number; `ERR_OUT_OF_RANGE` when one is
 * negative or not finite, or when it would have to be divided by zero.
 * @example
 * console.log(littlesLaw({ arrivalRate: 200, latencyMs: 50 }).length) // 10
 * console.log(littlesLaw({ arrivalRate: 100, length: 5 }).latencyMs) // 50
 */
export function littlesLaw(figures: QueueFigures): Required<{ [K in keyof QueueFigures]: number }> {
  if (typeof figures !== 'object' || figures === null)
    throw invalidType('figures', 'an object with two figures', figures)
  const { arrivalRate, length, latencyMs } = figures
  for (const [name, value] of Object.entries({ arrivalRate, length, latencyMs })) {
    if (value !== undefined) requireQuantity(name, value)
  }
  if (arrivalRate !== undefined && latencyMs !== undefined && length === undefined) {
    return { arrivalRate, latencyMs, length: (arrivalRate * latencyMs) / 1000 }
  }
  if (arrivalRate !== undefined && length !== undefined && latencyMs === undefined) {
    return { arrivalRate, length, latencyMs: divide(length * 1000, arrivalRate, 'arrivalRate') }
  }
  if (length !== undefined && latencyMs !== undefined && arrivalRate === undefined) {
    return { length, latencyMs, arrivalRate: divide(length * 1000, latencyMs, 'latencyMs') }
  }
  throw invalidType('figures', 'two of arrivalRate, length and latencyMs', figures)
}

function requireQuantity(name: string, value: unknown): void {
  if (typeof value !== 'number') throw invalidType(name, 'a number', value)
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw outOfRange(name, 'a finite number of at least 0', value)
}

function divide(dividend: number, divisor: number, name: string): number {
  if (divisor === 0) throw outOfRange(name, 'above 0', divisor)
  return dividend / divisor
}
