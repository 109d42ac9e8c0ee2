// Amdahl's law (Gene Amdahl, 1967): what cannot be divided bounds what dividing the rest can gain.
import { invalidType, outOfRange, requireObject } from '../errors/argument.ts'

/** What Amdahl's law needs to know of a program and a machine. */
export interface AmdahlFigures {
  /** The part of the time on one core that can be spread over all of them: 0 to 1. */
  readonly parallelFraction: number
  /** How many there are; `Infinity` gives the bound that no machine can pass. */
  readonly cores: number
}

/**
 * Gives how many times faster a program is on `cores` cores than on one.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when a figure is no number; `ERR_OUT_OF_RANGE` when `parallelFraction` is not between 0
 * and 1, or `cores` is below 1.
 * @example
 * console.log(amdahl({ parallelFraction: 0.5, cores: 2 }).toFixed(2)) // 1.33
 * console.log(amdahl({ parallelFraction: 0.75, cores: Infinity })) // 4
 */
export function amdahl(figures: AmdahlFigures): number {
  requireObject('figures', figures)
  const { parallelFraction, cores } = figures
  if (typeof parallelFraction !== 'number') throw invalidType('parallelFraction', 'a number', parallelFraction)
  if (typeof cores !== 'number') throw invalidType('cores', 'a number', cores)
  if (!(parallelFraction >= 0 && parallelFraction <= 1)) {
    throw outOfRange('parallelFraction', 'between 0 and 1', parallelFraction)
  }
  if (!(cores >= 1)) throw outOfRange('cores', 'at least 1', cores)
  return 1 / (1 - parallelFraction + parallelFraction / cores)
}
