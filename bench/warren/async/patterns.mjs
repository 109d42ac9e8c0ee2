import { chan, go, gosched } from '../../../dist/index.js'
import { usedChains } from '../../lib/used.mjs'
import { patterns } from '../pipes.mjs'
import { sides as chains, drain } from './chains.mjs'

/** @typedef {import('../../../dist/index.js').Chan<number>} Numbers */

const own = patterns(
  drain,
  (crowd) => crowd.work,
  (crowd) => async (v) => {
    crowd.enter()
    await gosched()
    crowd.leave()
    return v + 1
  },
  tens,
)

export const sides = { ...own, ...usedChains({ ...chains, ...own }) }

/** @param {number} n */
function tens(n) {
  /** @type {import('../../../dist/index.js').Chan<Numbers>} */
  const chans = chan()
  go(async () => {
    for (let i = 0; i < n; i += 10) {
      /** @type {Numbers} */
      const small = chan(10)
      for (let j = i; j < i + 10; j++) await small.send(j)
      small.close()
      await chans.send(small)
    }
    chans.close()
  })
  return chans
}
