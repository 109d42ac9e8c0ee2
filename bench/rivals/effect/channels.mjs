// A queue is effect's channel; it has no select, a race of two takes stands in for it.
import * as Effect from 'effect/Effect'
import * as Queue from 'effect/Queue'
import { memory, turn } from '../../lib/probe.mjs'

const { forkChild, gen, runPromise } = Effect

/** @type {import('../../lib/serve.mjs').Sides} */
export const channels = {
  'ping-pong': (n) => runPromise(pingPong(n)),
  unbuffered: (n) => runPromise(stream(n, 0)),
  'capacity-100': (n) => runPromise(stream(n, 100)),
  'range-100': 'no iterator over a queue',
  uncontended: (n) => runPromise(uncontended(n)),
  'batch-100': (n) => runPromise(batches(n)),
  'batch-receive': (n) => runPromise(receiveBatches(n)),
  make: (n) => runPromise(make(n)),
  'select-two': (n) => runPromise(selectTwo(n)),
  sieve: (n) => runPromise(sieve(n)),
  parked,
}

/** @typedef {Queue.Queue<number>} Numbers */

/** @param {number} n */
const pingPong = (n) =>
  gen(function* () {
    /** @type {Numbers} */ const ping = yield* Queue.bounded(0)
    /** @type {Numbers} */ const pong = yield* Queue.bounded(0)
    yield* forkChild(
      gen(function* () {
        for (let i = 0; i < n; i++) yield* Queue.offer(pong, yield* Queue.take(ping))
      }),
    )
    let got = 0
    for (let i = 0; i < n; i++) {
      yield* Queue.offer(ping, i)
      if ((yield* Queue.take(pong)) === i) got++
    }
    return got
  })

/**
 * @param {number} n
 * @param {number} capacity
 */
const stream = (n, capacity) =>
  gen(function* () {
    /** @type {Numbers} */ const queue = yield* Queue.bounded(capacity)
    yield* forkChild(produce(queue, n))
    let got = 0
    while (got < n && (yield* Queue.take(queue)) === got) got++
    return got
  })

/**
 * @param {Numbers} queue
 * @param {number} n
 */
const produce = (queue, n) =>
  gen(function* () {
    for (let i = 0; i < n; i++) yield* Queue.offer(queue, i)
  })

/** @param {number} n */
const uncontended = (n) =>
  gen(function* () {
    /** @type {Numbers} */ const queue = yield* Queue.bounded(100)
    let got = 0
    for (let done = 0; done < n; done += 100) {
      for (let i = 0; i < 100; i++) yield* Queue.offer(queue, 1)
      for (let i = 0; i < 100; i++) got += yield* Queue.take(queue)
    }
    return got
  })

/** @param {number} n */
const batches = (n) =>
  gen(function* () {
    /** @type {Numbers} */ const queue = yield* Queue.bounded(100)
    const values = Array.from({ length: 100 }, () => 1)
    yield* forkChild(
      gen(function* () {
        for (let sent = 0; sent < n; sent += 100) yield* Queue.offerAll(queue, values)
      }),
    )
    return yield* addBatches(queue, n)
  })

/** @param {number} n */
const receiveBatches = (n) =>
  gen(function* () {
    /** @type {Numbers} */ const queue = yield* Queue.bounded(100)
    yield* forkChild(
      gen(function* () {
        for (let i = 0; i < n; i++) yield* Queue.offer(queue, 1)
      }),
    )
    return yield* addBatches(queue, n)
  })

/**
 * @param {Numbers} queue
 * @param {number} n
 */
const addBatches = (queue, n) =>
  gen(function* () {
    let sum = 0
    while (sum < n) for (const value of yield* Queue.takeAll(queue)) sum += value
    return sum
  })

/** @param {number} n */
const make = (n) =>
  gen(function* () {
    let made = 0
    for (; made < n; made++) yield* Queue.bounded(8)
    return made
  })

/** @param {number} n */
const selectTwo = (n) =>
  gen(function* () {
    /** @type {Numbers} */ const a = yield* Queue.bounded(0)
    /** @type {Numbers} */ const b = yield* Queue.bounded(0)
    for (const queue of [a, b]) {
      yield* forkChild(
        gen(function* () {
          for (let i = 0; i < n / 2; i++) yield* Queue.offer(queue, 1)
        }),
      )
    }
    let got = 0
    for (let i = 0; i < n; i++) got += yield* Effect.raceFirst(Queue.take(a), Queue.take(b))
    return got
  })

/** @param {number} n */
const sieve = (n) =>
  gen(function* () {
    let got = 0
    for (; got < n; got += 1998) if ((yield* countPrimes) !== 303) return -1
    return got
  })

const countPrimes = gen(function* () {
  /** @type {Numbers} */ const first = yield* Queue.bounded(0)
  yield* forkChild(
    gen(function* () {
      for (let i = 2; i < 2000; i++) yield* Queue.offer(first, i)
      yield* Queue.offer(first, -1)
    }),
  )
  let source = first
  for (let primes = 0; ; primes++) {
    const prime = yield* Queue.take(source)
    if (prime === -1) return primes
    /** @type {Numbers} */ const next = yield* Queue.bounded(0)
    yield* forkChild(filter(source, next, prime))
    source = next
  }
})

/**
 * @param {Numbers} from
 * @param {Numbers} to
 * @param {number} prime
 */
const filter = (from, to, prime) =>
  gen(function* () {
    for (;;) {
      const value = yield* Queue.take(from)
      if (value === -1 || value % prime !== 0) yield* Queue.offer(to, value)
      if (value === -1) return
    }
  })

/** @param {number} n */
async function parked(n) {
  let started = 0
  let counted = 0
  /** @type {Numbers} */ const queue = await runPromise(Queue.unbounded())
  const wait = gen(function* () {
    started++
    if ((yield* Queue.take(queue)) === 1) counted++
  })
  const before = memory()
  for (let i = 0; i < n; i++) Effect.runFork(wait)
  while (started < n) await turn()
  const value = (memory() - before) / n
  for (let i = 0; i < n; i++) Queue.offerUnsafe(queue, 1)
  for (let turns = 0; counted < n && turns < 1000; turns++) await turn()
  return { value, counted }
}
