// How many attempts there may be beyond the first of each call: a token bucket that calls fill and further attempts empty, as
// in the retry throttling of gRPC (proposal A6). When all calls are slow at once, more of them are the last thing that helps.

/** Tokens are counted in millionths: sums of fractions such as 0.1 would fall short of 1. */
const token = 1_000_000

export class ExtraLoad {
  readonly #perCall: number
  readonly #burst: number
  #tokens: number

  /** On average `ratio` further attempts per call, and at most `burst` at once. */
  constructor(ratio: number, burst: number) {
    this.#perCall = ratio * token
    this.#burst = burst * token
    this.#tokens = this.#burst
  }

  noteCall(): void {
    this.#tokens = Math.min(this.#tokens + Math.round(this.#perCall), this.#burst)
  }

  /** Says whether there may be one more attempt, and counts it. */
  spend(): boolean {
    if (this.#tokens < token) return false
    this.#tokens -= token
    return true
  }
}
