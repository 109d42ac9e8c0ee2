import { chan, go } from '../../../dist/index.js'

/** @typedef {import('../../../dist/index.js').Chan<number>} Numbers */

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = { sieve, skynet }

/** @param {number} n */
function sieve(n) {
  return go(function* () {
    let got = 0
    for (; got < n; got += 1998) {
      const primes = yield* countPrimes()
      if (primes !== 303) return -1
    }
    return got
  }).join()
}

function* countPrimes() {
  let source = chan()
  go(count, source)
  for (let primes = 0; ; primes++) {
    const prime = yield* source.receive()
    if (prime === undefined) return primes
    const next = chan()
    go(filter, source, next, prime)
    source = next
  }
}

/** @param {Numbers} out */
function* count(out) {
  for (let i = 2; i < 2000; i++) yield* out.send(i)
  out.close()
}

/**
 * @param {Numbers} from
 * @param {Numbers} to
 * @param {number} prime
 */
function* filter(from, to, prime) {
  for (let value = yield* from.receive(); value !== undefined; value = yield* from.receive())
    if (value % prime !== 0) yield* to.send(value)
  to.close()
}

/** @param {number} n */
async function skynet(n) {
  const leaves = n === 1_111_111 ? 1_000_000 : 100_000
  const up = chan()
  go(node, up, 0, leaves)
  return (await up.receive()) === (leaves * (leaves - 1)) / 2 ? n : -1
}

/**
 * @param {Numbers} up
 * @param {number} first
 * @param {number} size
 */
function* node(up, first, size) {
  if (size === 1) {
    yield* up.send(first)
    return
  }
  const c = chan()
  const part = size / 10
  for (let i = 0; i < 10; i++) go(node, c, first + i * part, part)
  let sum = 0
  for (let i = 0; i < 10; i++) sum += yield* c.receive()
  yield* up.send(sum)
}
