// Async functions and promises, without a library. An async function runs at once up to its first await. A pipeline is a
// chain of async generators.
import { drain, drainSlowly, produced } from '../lib/async-generators.mjs'
import { pipes } from '../lib/peer-pipes.mjs'
import { serve } from '../lib/serve.mjs'

await serve('native', '', {
  'spawn-join': spawnJoin,
  'spawn-many': spawnMany,
  gosched,
  skynet,
  ...pipes({ iterable: (values) => values, produced, move, map, filter, drain, drainSlowly, batch, bridge }),
})

/** @param {AsyncIterable<number>} stream */
async function* move(stream) {
  for await (const v of stream) yield v
}

/**
 * @param {AsyncIterable<number>} stream
 * @param {(v: number) => number} fn
 */
async function* map(stream, fn) {
  for await (const v of stream) yield fn(v)
}

/**
 * @param {AsyncIterable<number>} stream
 * @param {(v: number) => boolean} keep
 */
async function* filter(stream, keep) {
  for await (const v of stream) if (keep(v)) yield v
}

/** @param {AsyncIterable<number>} stream */
async function* batch(stream) {
  let values = []
  for await (const v of stream) {
    if (values.push(v) < 100) continue
    yield values
    values = []
  }
  if (values.length > 0) yield values
}

/** @param {Iterable<Iterable<number>>} inner */
async function* bridge(inner) {
  for await (const values of inner) for await (const v of values) yield v
}

/** @param {number} n */
async function spawnJoin(n) {
  let got = 0
  const child = async () => {
    got++
  }
  for (let i = 0; i < n; i++) await child()
  return got
}

/** @param {number} n */
async function spawnMany(n) {
  let got = 0
  const child = async () => {
    got++
  }
  for (let i = 0; i < n; i += 1000) await Promise.all(Array.from({ length: 1000 }, child))
  return got
}

/** @param {number} n */
async function gosched(n) {
  const turns = async () => {
    let got = 0
    for (; got < n / 2; got++) await undefined
    return got
  }
  const [one, two] = await Promise.all([turns(), turns()])
  return one + two
}

/** @param {number} n */
async function skynet(n) {
  const leaves = n === 1_111_111 ? 1_000_000 : 100_000
  return (await node(0, leaves)) === (leaves * (leaves - 1)) / 2 ? n : -1
}

/**
 * @param {number} first
 * @param {number} size
 * @returns {Promise<number>}
 */
async function node(first, size) {
  if (size === 1) return first
  const part = size / 10
  const parts = await Promise.all(Array.from({ length: 10 }, (_, i) => node(first + i * part, part)))
  return parts.reduce((sum, one) => sum + one, 0)
}
