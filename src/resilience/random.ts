// Numbers at random: the jitter of delays, the ids of failures. They follow from the seed of the runtime's decisions, but
// are no decisions themselves: an exploration that tries every choice must not try four billion jitters.
import { type Decisions, SeededDecisions } from '../runtime/decisions.ts'
import { scheduler } from '../runtime/runtime.ts'

const generators = new WeakMap<Decisions, SeededDecisions>()

/** So that they are not the very numbers that selects choose by. */
const stream = 0x6a09e667

/** A number in [0, 1). With the same seed (`warren run --seed`, in a bubble, in each schedule explored) always the same ones. */
export function random(): number {
  const { decisions } = scheduler
  let generator = generators.get(decisions)
  if (generator === undefined) {
    const { seed = 0 } = decisions as Decisions & { readonly seed?: number }
    generator = new SeededDecisions(seed ^ stream)
    generators.set(decisions, generator)
  }
  return generator.choose(2 ** 32, 'select') / 2 ** 32
}
