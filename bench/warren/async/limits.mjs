import { go, gosched, Semaphore, WaitGroup } from '../../../dist/index.js'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = { 'limit-10': limit }

/** @param {number} n */
function limit(n) {
  const semaphore = new Semaphore(10)
  const group = new WaitGroup()
  let got = 0
  let running = 0
  let most = 0
  async function work() {
    await semaphore.acquire()
    running++
    if (running > most) most = running
    await gosched()
    running--
    got++
    semaphore.release()
    group.done()
  }
  return go(async () => {
    for (let i = 0; i < n; i += 1000) {
      group.add(1000)
      for (let j = 0; j < 1000; j++) go(work)
      await group.wait()
    }
    return most > 10 ? -1 : got
  }).join()
}
