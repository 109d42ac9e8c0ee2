import { background, chan, go, select, withCancel } from '../../../dist/index.js'
import { memory, turn } from '../../lib/probe.mjs'
import { median } from '../../lib/text.mjs'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = {
  parked,
  'select-growth': selectGrowth,
  'cancel-100': (n) => warmed(n, 100),
  'cancel-100000': (n) => warmed(n, 100_000),
}

/** @param {number} n */
async function parked(n) {
  const c = chan()
  let started = 0
  let counted = 0
  function* wait() {
    started++
    if ((yield* c.receive()) === undefined) counted++
  }
  const before = memory()
  for (let i = 0; i < n; i++) go(wait)
  while (started < n) await turn()
  const value = (memory() - before) / n
  c.close()
  while (counted < n) await turn()
  return { value, counted }
}

/** @param {number} n */
async function selectGrowth(n) {
  const ctx = withCancel(background())
  const c = chan()
  const round = () => {
    go(function* () {
      for (let i = 0; i < n; i++) yield* c.send(1)
    })
    return go(function* () {
      let got = 0
      for (let i = 0; i < n; i++) {
        const picked = yield* select({ value: c, done: ctx.done })
        if (picked.case === 'value') got += picked.value
      }
      return got
    }).join()
  }
  await round()
  const before = memory()
  const counted = await round()
  const value = (memory() - before) / n
  ctx.cancel()
  return { value, counted }
}

/**
 * @param {number} n
 * @param {number} waiting
 */
async function warmed(n, waiting) {
  for (let i = 0; i < 20; i++) await cancelAmong(n, 100)
  return cancelAmong(n, waiting)
}

/**
 * @param {number} n
 * @param {number} waiting
 */
async function cancelAmong(n, waiting) {
  const c = chan()
  const woken = chan(n)
  let started = 0
  let left = waiting
  function* wait() {
    started++
    yield* c.receive()
    left--
  }
  /** @param {import('../../../dist/index.js').Context} ctx */
  function* waitUnder(ctx) {
    started++
    try {
      yield* c.receive(ctx)
    } catch {
      yield* woken.send(1)
    }
  }
  for (let i = 0; i < waiting / 2; i++) go(wait)
  const contexts = Array.from({ length: n }, () => withCancel(background()))
  for (const ctx of contexts) go(waitUnder, ctx)
  for (let i = 0; i < waiting / 2; i++) go(wait)
  while (started < waiting + n) await turn()
  // The median of slices: one of them may have met a collection of the whole heap.
  const slices = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((slice) => contexts.slice((slice * n) / 9, ((slice + 1) * n) / 9))
  const times = []
  let counted = 0
  for (const slice of slices) {
    const start = performance.now()
    counted += await go(function* () {
      let got = 0
      for (const ctx of slice) {
        ctx.cancel()
        got += yield* woken.receive()
      }
      return got
    }).join()
    times.push(((performance.now() - start) * 1e6) / slice.length)
  }
  const value = median(times)
  c.close()
  while (left > 0) await turn()
  return { value, counted }
}
