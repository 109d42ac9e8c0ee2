// effection: tasks. It has no way to give up a turn but a timer.
import { all, run, spawn } from 'effection'
import { serve } from '../lib/serve.mjs'

await serve('effection', 'node_modules/effection/package.json', {
  'spawn-join': spawnJoin,
  'spawn-many': spawnMany,
  gosched: 'no gosched',
  skynet,
})

/** @param {number} n */
function spawnJoin(n) {
  return run(function* () {
    let got = 0
    for (let i = 0; i < n; i++) {
      const task = yield* spawn(function* () {
        got++
      })
      yield* task
    }
    return got
  })
}

/** @param {number} n */
function spawnMany(n) {
  return run(function* () {
    let got = 0
    for (let i = 0; i < n; i += 1000) {
      const tasks = []
      for (let j = 0; j < 1000; j++) {
        tasks.push(
          yield* spawn(function* () {
            got++
          }),
        )
      }
      for (const task of tasks) yield* task
    }
    return got
  })
}

/** @param {number} n */
async function skynet(n) {
  const leaves = n === 1_111_111 ? 1_000_000 : 100_000
  return (await run(() => node(0, leaves))) === (leaves * (leaves - 1)) / 2 ? n : -1
}

/**
 * @param {number} first
 * @param {number} size
 * @returns {import('effection').Operation<number>}
 */
function* node(first, size) {
  if (size === 1) return first
  const part = size / 10
  const parts = yield* all(Array.from({ length: 10 }, (_, i) => node(first + i * part, part)))
  return parts.reduce((sum, one) => sum + one, 0)
}
