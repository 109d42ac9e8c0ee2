// Fibers of effect, and its semaphore, which is its lock too.
import * as Effect from 'effect/Effect'
import * as Fiber from 'effect/Fiber'
import * as Semaphore from 'effect/Semaphore'

const { forkChild, gen, runPromise, yieldNow } = Effect

/** @type {import('../../lib/serve.mjs').Sides} */
export const fibers = {
  'spawn-join': (n) => runPromise(spawnJoin(n)),
  'spawn-many': (n) => runPromise(spawnMany(n)),
  gosched: (n) => runPromise(gosched(n)),
  skynet: async (n) => {
    const leaves = n === 1_111_111 ? 1_000_000 : 100_000
    return (await runPromise(node(0, leaves))) === (leaves * (leaves - 1)) / 2 ? n : -1
  },
  'mutex-free': (n) => runPromise(mutexFree(n)),
  'mutex-contended': (n) => runPromise(mutexContended(n)),
  'limit-10': (n) => runPromise(limit(n)),
}

/** @param {number} n */
const spawnJoin = (n) =>
  gen(function* () {
    let got = 0
    const child = Effect.sync(() => {
      got++
    })
    for (let i = 0; i < n; i++) yield* Fiber.join(yield* forkChild(child))
    return got
  })

/** @param {number} n */
const spawnMany = (n) =>
  gen(function* () {
    let got = 0
    const child = Effect.sync(() => {
      got++
    })
    for (let i = 0; i < n; i += 1000) {
      const children = []
      for (let j = 0; j < 1000; j++) children.push(yield* forkChild(child))
      yield* Fiber.joinAll(children)
    }
    return got
  })

/** @param {number} n */
const gosched = (n) =>
  gen(function* () {
    let got = 0
    const turns = gen(function* () {
      for (let i = 0; i < n / 2; i++) {
        yield* yieldNow
        got++
      }
    })
    yield* Fiber.joinAll([yield* forkChild(turns), yield* forkChild(turns)])
    return got
  })

/**
 * @param {number} first
 * @param {number} size
 * @returns {Effect.Effect<number>}
 */
const node = (first, size) =>
  gen(function* () {
    if (size === 1) return first
    const part = size / 10
    const children = []
    for (let i = 0; i < 10; i++) children.push(yield* forkChild(node(first + i * part, part)))
    let sum = 0
    for (const child of children) sum += yield* Fiber.join(child)
    return sum
  })

/** @param {number} n */
const mutexFree = (n) =>
  gen(function* () {
    const locked = Semaphore.makeUnsafe(1).withPermit
    let got = 0
    const work = locked(
      Effect.sync(() => {
        got++
      }),
    )
    for (let i = 0; i < n; i++) yield* work
    return got
  })

/** @param {number} n */
const mutexContended = (n) =>
  gen(function* () {
    const locked = Semaphore.makeUnsafe(1).withPermit
    let got = 0
    const critical = locked(
      gen(function* () {
        got++
        yield* yieldNow
      }),
    )
    const work = gen(function* () {
      for (let i = 0; i < n / 10; i++) yield* critical
    })
    const children = []
    for (let i = 0; i < 10; i++) children.push(yield* forkChild(work))
    yield* Fiber.joinAll(children)
    return got
  })

/** @param {number} n */
const limit = (n) =>
  gen(function* () {
    const limited = Semaphore.makeUnsafe(10).withPermit
    let got = 0
    let running = 0
    let most = 0
    const work = limited(
      gen(function* () {
        running++
        if (running > most) most = running
        yield* yieldNow
        running--
        got++
      }),
    )
    for (let i = 0; i < n; i += 1000) {
      const children = []
      for (let j = 0; j < 1000; j++) children.push(yield* forkChild(work))
      yield* Fiber.joinAll(children)
    }
    return most > 10 ? -1 : got
  })
