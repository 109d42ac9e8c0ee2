// What of the pipelines is the same in both styles: stages are functions over channels.
import { background, withCancel } from '../../dist/index.js'
import {
  batch,
  bridge,
  buffer,
  filter,
  forEach,
  fromIterable,
  map,
  merge,
  orDone,
  parallelMap,
  pipeline,
  tee,
} from '../../dist/pipeline/index.js'
import { Crowd, increment, notNegative, numbers, Total } from '../lib/pipe-values.mjs'

/** @typedef {import('../../dist/index.js').ReceiveChan<number>} Numbers */
/** @typedef {(channel: Numbers) => Numbers} Stage */
/** @typedef {(channel: Numbers) => Promise<Total>} Drain sums up in the style of its caller */

/**
 * So many stages that only move values. Their context can be cancelled.
 *
 * @param {Numbers} source
 * @param {number} stages
 * @param {import('../../dist/index.js').Context} [ctx]
 */
export function moving(source, stages, ctx = withCancel(background())) {
  return through(source, stages, (channel) => orDone(channel, ctx))
}

/**
 * @param {Numbers} source
 * @param {number} stages
 * @param {(channel: Numbers, i: number) => Numbers} stage
 */
function through(source, stages, stage) {
  return pipeline(source, ...Array.from({ length: stages }, (_, i) => (/** @type {Numbers} */ ch) => stage(ch, i)))
}

/**
 * @param {(values: number) => Numbers} produced
 * @param {Drain} drain
 * @returns {import('../lib/serve.mjs').Sides}
 */
export function chains(produced, drain) {
  /**
   * @param {number} n
   * @param {number} stages
   * @param {Numbers} end
   * @param {number} [grown]
   */
  const total = async (n, stages, end, grown) => (await drain(end)).verdict(n, n / stages, grown)

  /** @type {import('../lib/serve.mjs').Sides} */
  const sides = {
    'pipe-or-done-10': (n) => total(n, 10, moving(produced(n / 10), 10)),
    'pipe-buffer-3': (n) =>
      total(
        n,
        3,
        through(fromIterable(numbers(n / 3)), 3, (ch) => buffer(ch, 100)),
      ),
  }
  for (const stages of [1, 3, 10]) {
    sides[`pipe-move-${stages}`] = (n) => total(n, stages, moving(produced(n / stages), stages))
    sides[`pipe-iterable-${stages}`] = (n) => total(n, stages, moving(fromIterable(numbers(n / stages)), stages))
    sides[`pipe-map-${stages}`] = (n) => {
      const end = through(fromIterable(numbers(n / stages)), stages, (ch, i) =>
        i % 2 === 0 ? map(ch, increment) : filter(ch, notNegative),
      )
      return total(n, stages, end, Math.ceil(stages / 2))
    }
  }
  return sides
}

/**
 * @param {Drain} drain
 * @param {(crowd: Crowd) => (v: number) => import('../../dist/index.js').GoroutineBody<number>} work waits a turn of the loop
 * @param {(crowd: Crowd) => (v: number) => import('../../dist/index.js').GoroutineBody<number>} yields waits by gosched
 * @param {(n: number) => import('../../dist/index.js').ReceiveChan<Numbers>} tens
 * @returns {import('../lib/serve.mjs').Sides}
 */
export function patterns(drain, work, yields, tens) {
  /**
   * @param {number} n
   * @param {typeof work} make
   * @param {boolean} ordered
   */
  const crowded = async (n, make, ordered) => {
    const crowd = new Crowd()
    const end = parallelMap(fromIterable(numbers(n)), make(crowd), { concurrency: 16, ordered })
    return crowd.verdict((await drain(end)).verdict(n, n, 1))
  }

  /**
   * @param {number} n
   * @param {{ size: number, withinMs?: number }} options
   */
  const batched = async (n, options) => {
    const sum = new Total()
    await forEach(batch(fromIterable(numbers(n)), options), (values) => {
      for (const v of values) sum.add(v)
    })
    return sum.verdict(n, n)
  }

  return {
    'pipe-parallel': (n) => crowded(n, work, false),
    'pipe-parallel-ordered': (n) => crowded(n, work, true),
    'pipe-pool': (n) => crowded(n, yields, false),
    'pipe-tee-merge': async (n) => (await drain(merge(...tee(fromIterable(numbers(n)), 2)))).verdict(n, n, 0, 2),
    'pipe-bridge': async (n) => (await drain(bridge(tens(n)))).verdict(n, n),
    'pipe-batch': (n) => batched(n, { size: 100 }),
    'pipe-batch-within': (n) => batched(n, { size: 100, withinMs: 1000 }),
  }
}
