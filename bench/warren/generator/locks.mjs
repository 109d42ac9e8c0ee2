import { go, gosched, Mutex, WaitGroup } from '../../../dist/index.js'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = {
  'spawn-many': spawnMany,
  'mutex-free': mutexFree,
  'mutex-contended': mutexContended,
}

/** @param {number} n */
function spawnMany(n) {
  let got = 0
  const group = new WaitGroup()
  function* child() {
    got++
    group.done()
  }
  return go(function* () {
    for (let i = 0; i < n; i += 1000) {
      group.add(1000)
      for (let j = 0; j < 1000; j++) go(child)
      yield* group.wait()
    }
    return got
  }).join()
}

/** @param {number} n */
function mutexFree(n) {
  const mutex = new Mutex()
  return go(function* () {
    let got = 0
    for (let i = 0; i < n; i++) {
      yield* mutex.lock()
      got++
      mutex.unlock()
    }
    return got
  }).join()
}

/** @param {number} n */
async function mutexContended(n) {
  const mutex = new Mutex()
  let got = 0
  function* work() {
    for (let i = 0; i < n / 10; i++) {
      yield* mutex.lock()
      got++
      yield* gosched()
      mutex.unlock()
    }
  }
  const by = Array.from({ length: 10 }, () => go(work))
  for (const goroutine of by) await goroutine.join()
  return got
}
