// Async functions and promises, without a library. An async function runs at once up to its first await.
import { serve } from '../lib/serve.mjs'

await serve('native', '', { 'spawn-join': spawnJoin, 'spawn-many': spawnMany, gosched, skynet })

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
