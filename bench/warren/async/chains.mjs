import { chan, go } from '../../../dist/index.js'
import { Total } from '../../lib/pipe-values.mjs'
import { chains } from '../pipes.mjs'

/** @typedef {import('../../../dist/index.js').ReceiveChan<number>} Numbers */

/** @param {number} values */
function produced(values) {
  /** @type {import('../../../dist/index.js').Chan<number>} */
  const numbers = chan()
  go(async () => {
    for (let i = 0; i < values; i++) await numbers.send(i)
    numbers.close()
  })
  return numbers
}

/** @param {Numbers} numbers */
export function drain(numbers) {
  return go(async () => {
    const sum = new Total()
    for (let v = await numbers.receive(); v !== undefined; v = await numbers.receive()) sum.add(v)
    return sum
  }).join()
}

export const sides = chains(produced, drain)
