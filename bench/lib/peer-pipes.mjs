/**
 * The pipelines for peers.
 *
 * @typedef {object} Adapter
 * @property {(values: Iterable<number>) => any} iterable a stream of an iterable
 * @property {(values: number) => any} produced a stream of what somebody hands over one by one, asynchronously
 * @property {(stream: any) => any} move the nearest to a stage which only moves values
 * @property {(stream: any, fn: (v: number) => number) => any} map
 * @property {(stream: any, keep: (v: number) => boolean) => any} filter
 * @property {(stream: any, each: (v: any) => void) => Promise<unknown>} drain
 * @property {(stream: any, watch: import('./pipe-values.mjs').Watch) => Promise<unknown>} drainSlowly until it is full; awaits what `take` returns
 * @property {(stream: any, capacity: number) => any} [buffer]
 * @property {(stream: any, fn: (v: number) => Promise<number>) => any} [parallel] 16 at a time
 * @property {(stream: any, fn: (v: number) => Promise<number>) => any} [parallelOrdered]
 * @property {(stream: any) => any} [teeMerge]
 * @property {(inner: Iterable<number[]>) => any} [bridge]
 * @property {(stream: any) => any} [batch] of 100
 * @property {(stream: any) => any} [batchWithin] of 100, or of a second
 * @property {boolean} [pushes] whether the source takes no heed of a slow reader, so that it must not be endless
 */
import { Crowd, increment, notNegative, numbers, Total, Watch } from './pipe-values.mjs'
import { usedChains } from './used.mjs'

/**
 * @param {Adapter} adapter
 * @returns {import('./serve.mjs').Sides}
 */
export function pipes(adapter) {
  const { buffer, parallel, parallelOrdered, teeMerge, bridge, batch, batchWithin } = adapter
  const { iterable, produced, move, map, filter, drain } = adapter

  /**
   * @param {any} source
   * @param {number} stages
   * @param {(stream: any, i: number) => any} stage
   */
  function through(source, stages, stage) {
    let stream = source
    for (let i = 0; i < stages; i++) stream = stage(stream, i)
    return stream
  }

  /**
   * @param {any} stream
   * @param {[n: number, values: number, grown?: number, times?: number]} wanted
   */
  async function total(stream, ...wanted) {
    const sum = new Total()
    await drain(stream, (v) => sum.add(v))
    return sum.verdict(...wanted)
  }

  /**
   * @param {number} n
   * @param {number} stages
   */
  function mapped(n, stages) {
    const stream = through(iterable(numbers(n / stages)), stages, (s, i) =>
      i % 2 === 0 ? map(s, increment) : filter(s, notNegative),
    )
    return total(stream, n, n / stages, Math.ceil(stages / 2))
  }

  /**
   * @param {number} n
   * @param {NonNullable<typeof parallel>} run
   */
  async function crowded(n, run) {
    const crowd = new Crowd()
    return crowd.verdict(await total(run(iterable(numbers(n)), crowd.work), n, n, 1))
  }

  /**
   * @param {number} n
   * @param {NonNullable<typeof batch>} stage
   */
  async function batched(n, stage) {
    const sum = new Total()
    await drain(stage(iterable(numbers(n))), (values) => {
      for (const v of values) sum.add(v)
    })
    return sum.verdict(n, n)
  }

  /** @param {number} n */
  function* tens(n) {
    for (let i = 0; i < n; i += 10) yield Array.from({ length: 10 }, (_, j) => i + j)
  }

  /**
   * @param {number} n
   * @param {number} stages
   * @param {number} every
   * @param {boolean} kept
   */
  async function watched(n, stages, every, kept) {
    const watch = new Watch(n, every, kept)
    const source = numbers(adapter.pushes ? n : Number.POSITIVE_INFINITY)
    await adapter.drainSlowly(through(iterable(source), stages, move), watch)
    return watch.verdict()
  }

  /** @type {import('./serve.mjs').Sides} */
  const sides = {
    'pipe-buffer-3': buffer
      ? (n) =>
          total(
            through(iterable(numbers(n / 3)), 3, (s) => buffer(s, 100)),
            n,
            n / 3,
          )
      : 'no buffer',
    'pipe-parallel': parallel ? (n) => crowded(n, parallel) : 'no such limit',
    'pipe-parallel-ordered': parallelOrdered ? (n) => crowded(n, parallelOrdered) : 'keeps no order',
    'pipe-tee-merge': teeMerge ? (n) => total(teeMerge(iterable(numbers(n))), n, n, 0, 2) : 'no tee',
    'pipe-bridge': bridge ? (n) => total(bridge(tens(n)), n, n) : 'no bridge',
    'pipe-batch': batch ? (n) => batched(n, batch) : 'no batches',
    'pipe-batch-within': batchWithin ? (n) => batched(n, batchWithin) : 'no batches by time',
    'pipe-slow': (n) => watched(n, 3, 1000, false),
    'pipe-slow-kept': (n) => watched(n, 3, 1000, true),
  }
  for (const stages of [1, 3, 10]) {
    sides[`pipe-move-${stages}`] = (n) => total(through(produced(n / stages), stages, move), n, n / stages)
    sides[`pipe-iterable-${stages}`] = (n) => total(through(iterable(numbers(n / stages)), stages, move), n, n / stages)
    sides[`pipe-map-${stages}`] = (n) => mapped(n, stages)
    sides[`pipe-peak-${stages}`] = (n) => watched(n, stages, 0, false)
  }
  return { ...sides, ...usedChains(sides) }
}
