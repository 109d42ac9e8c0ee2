import { chan, go, gosched, wait } from '../../../dist/index.js'
import { turn } from '../../lib/probe.mjs'
import { usedChains } from '../../lib/used.mjs'
import { patterns } from '../pipes.mjs'
import { sides as chains, drain } from './chains.mjs'

/** @typedef {import('../../../dist/index.js').Chan<number>} Numbers */

const own = patterns(
  drain,
  (crowd) =>
    function* (v) {
      crowd.enter()
      yield* wait(turn())
      crowd.leave()
      return v + 1
    },
  (crowd) =>
    function* (v) {
      crowd.enter()
      yield* gosched()
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
  go(function* () {
    for (let i = 0; i < n; i += 10) {
      /** @type {Numbers} */
      const small = chan(10)
      for (let j = i; j < i + 10; j++) yield* small.send(j)
      small.close()
      yield* chans.send(small)
    }
    chans.close()
  })
  return chans
}
