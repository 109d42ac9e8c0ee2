// Every free choice of the runtime is asked here: which ready case of a select, in exploration also which goroutine
// runs next and how timers tie. Normally a fast seeded generator answers; a test puts a strategy or a replay log here.

/** The version of a recorded sequence of decisions; part of every schedule token. @public */
export const decisionLogVersion = 'v1'

export type DecisionKind = 'select' | 'goroutine' | 'timer'

export interface Decisions {
  /** An integer in [0, n), for n >= 2. */
  choose(n: number, kind: DecisionKind): number
}

/** Uniform choices from one 32-bit seed: Marsaglia's xorshift32, scaled by Lemire's multiplication. */
export class SeededDecisions implements Decisions {
  readonly seed: number
  #state: number

  constructor(seed: number) {
    this.seed = seed >>> 0
    this.#state = mix(this.seed) || 0x9e3779b9
  }

  choose(n: number, _kind: DecisionKind): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return Math.floor((x >>> 0) * 2.3283064365386963e-10 * n)
  }
}

// The finalizer of MurmurHash3: neighbouring seeds give unrelated sequences.
function mix(seed: number): number {
  let h = seed
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
