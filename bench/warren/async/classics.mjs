import { chan, go } from '../../../dist/index.js'

/** @typedef {import('../../../dist/index.js').Chan<number>} Numbers */

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = { sieve, skynet }

/** @param {number} n */
function sieve(n) {
  return go(async () => {
    let got = 0
    for (; got < n; got += 1998) {
      const primes = await countPrimes()
      if (primes !== 303) return -1
    }
    return got
  }).join()
}

async function countPrimes() {
  let source = chan()
  go(count, source)
  for (let primes = 0; ; primes++) {
    const prime = await source.receive()
    if (prime === undefined) return primes
    const next = chan()
    go(filter, source, next, prime)
    source = next
  }
}

/** @param {Numbers} out */
async function count(out) {
  for (let i = 2; i < 2000; i++) await out.send(i)
  out.close()
}

/**
 * @param {Numbers} from
 * @param {Numbers} to
 * @param {number} prime
 */
async function filter(from, to, prime) {
  for (let value = await from.receive(); value !== undefined; value = await from.receive())
    if (value % prime !== 0) await to.send(value)
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
async function node(up, first, size) {
  if (size === 1) {
    await up.send(first)
    return
  }
  const c = chan()
  const part = size / 10
  for (let i = 0; i < 10; i++) go(node, c, first + i * part, part)
  let sum = 0
  for (let i = 0; i < 10; i++) sum += await c.receive()
  await up.send(sum)
}
