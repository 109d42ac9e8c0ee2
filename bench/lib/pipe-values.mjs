/** The values of the pipelines, and whether all of them came. */
import { memory, turn } from './probe.mjs'

/** @param {number} values */
export function* numbers(values) {
  for (let i = 0; i < values; i++) yield i
}

/** @param {number} v */
export const increment = (v) => v + 1
/** @param {number} v */
export const notNegative = (v) => v >= 0

/** What has arrived. */
export class Total {
  got = 0
  sum = 0

  /** @param {number} v */
  add(v) {
    this.got++
    this.sum += v
  }

  /**
   * n where all of 0, 1, 2, ... came, each grown by `grown`.
   *
   * @param {number} n
   * @param {number} values
   * @param {number} [grown]
   * @param {number} [times] how often each of them
   */
  verdict(n, values, grown = 0, times = 1) {
    const right = this.got === values * times && this.sum === times * ((values * (values - 1)) / 2 + values * grown)
    return right ? n : -this.got
  }
}

/** How many run at a time. */
export class Crowd {
  running = 0
  most = 0

  /** A function that waits a turn of the event loop. */
  work = async (/** @type {number} */ v) => {
    this.enter()
    await turn()
    this.leave()
    return v + 1
  }

  enter() {
    if (++this.running > this.most) this.most = this.running
  }

  leave() {
    this.running--
  }

  /** @param {number} counted */
  verdict(counted) {
    return this.most === 16 ? counted : -this.most
  }
}

/** The consumer of the memory scenarios: looks at the memory, and is slow where asked to. */
export class Watch {
  got = 0
  most = 0
  /** @type {() => number} */ #measure
  /** @type {number} */ #before

  /**
   * @param {number} n
   * @param {number} every a turn of the event loop after so many values; 0: never
   * @param {boolean} kept what a collection leaves on the heap, instead of what the process has
   */
  constructor(n, every, kept) {
    memory()
    this.n = n
    this.every = every
    this.#measure = kept ? () => memory() / 1e6 : () => process.memoryUsage.rss() / 1e6
    this.#before = this.#measure()
  }

  get full() {
    return this.got >= this.n
  }

  /**
   * Takes a value; what it returns has to be awaited, if anything.
   *
   * @param {number} v
   */
  take(v) {
    if (v !== this.got) throw new RangeError(`${v} came instead of ${this.got}`)
    if (++this.got % (this.n >> 4) === 0) this.look()
    return this.every > 0 && this.got % this.every === 0 ? turn() : undefined
  }

  look() {
    this.most = Math.max(this.most, this.#measure() - this.#before)
  }

  verdict() {
    return { value: this.most, counted: this.got }
  }
}
