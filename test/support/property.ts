// How long property tests look, and from where: fast-check prints the seed of a failure.
import type { Parameters } from 'fast-check'

/** `WARREN_PROPERTY_RUNS` sets how many runs there are, `WARREN_PROPERTY_SEED` repeats those of a seed. */
export function propertyOptions(runs: number): Parameters<unknown> {
  const asked = Number(process.env['WARREN_PROPERTY_RUNS'] ?? 0)
  const seed = process.env['WARREN_PROPERTY_SEED']
  return { numRuns: asked > 0 ? asked : runs, ...(seed === undefined ? {} : { seed: Number(seed) }) }
}
