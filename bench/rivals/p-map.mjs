// p-map: pMap waits for all and gives an array, pMapIterable gives one after the other.
import pMap, { pMapIterable } from 'p-map'
import { drain } from '../lib/async-generators.mjs'
import { Crowd, numbers, Total } from '../lib/pipe-values.mjs'
import { serve } from '../lib/serve.mjs'

await serve('p-map', 'node_modules/p-map/package.json', {
  'pipe-parallel': async (n) => {
    const crowd = new Crowd()
    const sum = new Total()
    for (const v of await pMap(numbers(n), crowd.work, { concurrency: 16 })) sum.add(v)
    return crowd.verdict(sum.verdict(n, n, 1))
  },

  'pipe-parallel-ordered': async (n) => {
    const crowd = new Crowd()
    const sum = new Total()
    await drain(pMapIterable(numbers(n), crowd.work, { concurrency: 16 }), (v) => sum.add(v))
    return crowd.verdict(sum.verdict(n, n, 1))
  },
})
