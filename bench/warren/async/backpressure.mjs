import { background, go, withCancel } from '../../../dist/index.js'
import { fromIterable } from '../../../dist/pipeline/index.js'
import { numbers, Watch } from '../../lib/pipe-values.mjs'
import { moving } from '../pipes.mjs'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = {
  'pipe-peak-1': (n) => watched(n, 1, 0, false),
  'pipe-peak-3': (n) => watched(n, 3, 0, false),
  'pipe-peak-10': (n) => watched(n, 10, 0, false),
  'pipe-slow': (n) => watched(n, 3, 1000, false),
  'pipe-slow-kept': (n) => watched(n, 3, 1000, true),
}

/**
 * @param {number} n
 * @param {number} stages
 * @param {number} every
 * @param {boolean} kept
 */
function watched(n, stages, every, kept) {
  const watch = new Watch(n, every, kept)
  const ctx = withCancel(background())
  const end = moving(fromIterable(numbers(Number.POSITIVE_INFINITY), { ctx }), stages, ctx)
  return go(async () => {
    while (!watch.full) {
      const v = await end.receive()
      if (v === undefined) break
      const waiting = watch.take(v)
      if (waiting !== undefined) await waiting
    }
    ctx.cancel()
    return watch.verdict()
  }).join()
}
