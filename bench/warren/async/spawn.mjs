import { go, gosched } from '../../../dist/index.js'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = { 'spawn-join': spawnJoin, gosched: yields }

/** @param {number} n */
function spawnJoin(n) {
  let got = 0
  async function child() {
    got++
  }
  return go(async () => {
    for (let i = 0; i < n; i++) await go(child).join()
    return got
  }).join()
}

/** @param {number} n */
async function yields(n) {
  async function turns() {
    let got = 0
    for (; got < n / 2; got++) await gosched()
    return got
  }
  const [one, two] = [go(turns), go(turns)]
  return (await one.join()) + (await two.join())
}
