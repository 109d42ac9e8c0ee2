import { go, gosched } from '../../../dist/index.js'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = { 'spawn-join': spawnJoin, gosched: yields }

/** @param {number} n */
function spawnJoin(n) {
  let got = 0
  function* child() {
    got++
  }
  return go(function* () {
    for (let i = 0; i < n; i++) yield* go(child).join()
    return got
  }).join()
}

/** @param {number} n */
async function yields(n) {
  function* turns() {
    let got = 0
    for (; got < n / 2; got++) yield* gosched()
    return got
  }
  const [one, two] = [go(turns), go(turns)]
  return (await one.join()) + (await two.join())
}
