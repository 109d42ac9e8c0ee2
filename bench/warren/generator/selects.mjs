import { after, chan, go, select, sending, trySelect } from '../../../dist/index.js'

/** @typedef {import('../../../dist/index.js').Chan<number>} Numbers */

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = {
  popular,
  'select-two': selectTwo,
  'select-uncontended': (n) => go(moveToken, chan(1), chan(1), n).join(),
  'select-sync-contended': syncContended,
  'select-async-contended': asyncContended,
  'select-prod-cons': prodCons,
  'select-nonblock': nonblock,
  'select-default': withDefault,
}

/** @param {number} n */
async function popular(n) {
  const common = chan()
  const own = Array.from({ length: 1000 }, () => chan())
  const by = own.map((mine) =>
    go(function* () {
      let got = 0
      for (let i = 0; i < n / 1000; i++) {
        const picked = yield* select({ common, mine })
        if (picked.case === 'mine' && picked.ok) got += picked.value
      }
      return got
    }),
  )
  go(function* () {
    for (let i = 0; i < n / 1000; i++) for (const mine of own) yield* mine.send(1)
  })
  let sum = 0
  for (const goroutine of by) sum += await goroutine.join()
  return sum
}

/** @param {number} n */
function selectTwo(n) {
  const a = chan()
  const b = chan()
  /** @param {Numbers} c */
  function* produce(c) {
    for (let i = 0; i < n / 2; i++) yield* c.send(1)
  }
  go(produce, a)
  go(produce, b)
  return go(function* () {
    let got = 0
    for (let i = 0; i < n; i++) {
      const picked = yield* select({ a, b })
      if (picked.ok) got += picked.value
    }
    return got
  }).join()
}

/**
 * @param {Numbers} a
 * @param {Numbers} b
 * @param {number} n
 */
function* moveToken(a, b, n) {
  let got = 0
  yield* a.send(0)
  for (; got < n; got++) {
    const picked = yield* select({ a, b })
    if (picked.case === 'a') yield* b.send(0)
    else yield* a.send(0)
  }
  return got
}

/** @param {number} n */
async function syncContended(n) {
  const a = chan()
  const b = chan()
  const c = chan()
  const done = chan()
  function* feed() {
    for (;;) {
      const picked = yield* select({ a: sending(a, 1), b: sending(b, 1), c: sending(c, 1), done })
      if (picked.case === 'done') return
    }
  }
  function* drain() {
    let got = 0
    for (let i = 0; i < n / 2; i++) {
      const picked = yield* select({ a, b, c })
      if (picked.ok) got += picked.value
    }
    return got
  }
  go(feed)
  go(feed)
  const [one, two] = [go(drain), go(drain)]
  const sum = (await one.join()) + (await two.join())
  done.close()
  return sum
}

/** @param {number} n */
async function asyncContended(n) {
  const a = chan(4)
  const b = chan(4)
  const by = [0, 1, 2, 3].map(() => go(moveToken, a, b, n / 4))
  let sum = 0
  for (const goroutine of by) sum += await goroutine.join()
  return sum
}

/** @param {number} n */
function prodCons(n) {
  const c = chan(128)
  const quit = chan()
  go(function* () {
    const timer = after(3_600_000)
    for (let i = 0; i < n; i++) yield* select({ sent: sending(c, 1), timer, quit })
    yield* c.send(0)
  })
  return go(function* () {
    const timer = after(3_600_000)
    let got = 0
    for (;;) {
      const picked = yield* select({ c, timer, quit })
      if (picked.case !== 'c' || !picked.ok) continue
      if (picked.value === 0) return got
      got += picked.value
    }
  }).join()
}

/** @param {number} n */
function nonblock(n) {
  const [a, b, c, d] = [chan(), chan(), chan(1), chan(1)]
  let got = 0
  for (let i = 0; i < n; i++) {
    if (a.tryReceive() !== undefined) got--
    if (b.trySend(0)) got--
    if (c.tryReceive() !== undefined) got--
    d.trySend(0)
    got++
  }
  return got
}

/** @param {number} n */
function withDefault(n) {
  const [a, b] = [chan(1), chan(1)]
  let got = 0
  for (let i = 0; i < n; i++) if (trySelect({ a, b }) === undefined) got++
  return got
}
