import { chan, go } from '../../../dist/index.js'

/** @typedef {import('../../../dist/index.js').Chan<number>} Numbers */

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = {
  'ping-pong': pingPong,
  unbuffered: (n) => stream(n, 0),
  'capacity-100': (n) => stream(n, 100),
  'range-100': range,
  uncontended: (n) => go(fillAndDrain, chan(100), n).join(),
  'batch-100': batches,
  'batch-receive': receiveBatches,
  make,
  contended,
  sync,
  'prod-cons-0': (n) => prodCons(n, 0),
  'prod-cons-10': (n) => prodCons(n, 10),
  'prod-cons-100': (n) => prodCons(n, 100),
  sem: (n) => go(semaphore, n).join(),
  closed,
}

/** @param {number} n */
function pingPong(n) {
  const ping = chan()
  const pong = chan()
  go(function* () {
    for (let value = yield* ping.receive(); value !== undefined; value = yield* ping.receive()) yield* pong.send(value)
    pong.close()
  })
  return go(function* () {
    let got = 0
    for (let i = 0; i < n; i++) {
      yield* ping.send(i)
      if ((yield* pong.receive()) === i) got++
    }
    ping.close()
    return got
  }).join()
}

/**
 * @param {number} n
 * @param {number} capacity
 */
function stream(n, capacity) {
  const numbers = chan(capacity)
  go(produce, numbers, n)
  return go(function* () {
    let got = 0
    for (let value = yield* numbers.receive(); value === got; value = yield* numbers.receive()) got++
    return got
  }).join()
}

/**
 * @param {Numbers} numbers
 * @param {number} n
 */
function* produce(numbers, n) {
  for (let i = 0; i < n; i++) yield* numbers.send(i)
  numbers.close()
}

/** @param {number} n */
function range(n) {
  const numbers = chan(100)
  go(produce, numbers, n)
  return go(function* () {
    let got = 0
    for (;;) {
      const { value, done } = yield* numbers.next()
      if (done || value !== got) return got
      got++
    }
  }).join()
}

/** @param {number} n */
function batches(n) {
  const numbers = chan(100)
  go(function* () {
    const values = Array.from({ length: 100 }, () => 1)
    for (let sent = 0; sent < n; sent += 100) yield* numbers.sendMany(values)
    numbers.close()
  })
  return go(addBatches, numbers).join()
}

/** @param {number} n */
function receiveBatches(n) {
  const numbers = chan(100)
  go(function* () {
    for (let i = 0; i < n; i++) yield* numbers.send(1)
    numbers.close()
  })
  return go(addBatches, numbers).join()
}

/** @param {Numbers} numbers */
function* addBatches(numbers) {
  let sum = 0
  for (;;) {
    const values = yield* numbers.receiveMany()
    if (values.length === 0) return sum
    for (const value of values) sum += value
  }
}

/** @type {unknown} */
export let sink

/** @param {number} n */
function make(n) {
  for (let i = 0; i < n; i++) sink = chan(8)
  return n
}

/**
 * @param {Numbers} numbers
 * @param {number} n
 */
function* fillAndDrain(numbers, n) {
  let got = 0
  for (let done = 0; done < n; done += 100) {
    for (let i = 0; i < 100; i++) yield* numbers.send(1)
    for (let i = 0; i < 100; i++) got += /** @type {number} */ (yield* numbers.receive())
  }
  return got
}

/** @param {number} n */
async function contended(n) {
  const numbers = chan(400)
  const by = [0, 1, 2, 3].map(() => go(fillAndDrain, numbers, n / 4))
  let sum = 0
  for (const goroutine of by) sum += await goroutine.join()
  return sum
}

/** @param {number} n */
async function sync(n) {
  const c = chan()
  const first = go(function* () {
    let got = 0
    for (let i = 0; i < n / 2; i++) {
      got += yield* c.receive()
      yield* c.send(1)
    }
    return got
  })
  const second = go(function* () {
    let got = 0
    for (let i = 0; i < n / 2; i++) {
      yield* c.send(1)
      got += yield* c.receive()
    }
    return got
  })
  return (await first.join()) + (await second.join())
}

/**
 * @param {number} n
 * @param {number} capacity
 */
function prodCons(n, capacity) {
  const c = chan(capacity)
  go(function* () {
    for (let i = 0; i < n; i++) yield* c.send(1)
    yield* c.send(0)
  })
  return go(function* () {
    let got = 0
    for (let value = yield* c.receive(); value !== 0; value = yield* c.receive()) got += value
    return got
  }).join()
}

/** @param {number} n */
function* semaphore(n) {
  const c = chan(1)
  let got = 0
  for (let i = 0; i < n; i++) {
    yield* c.send(1)
    got += yield* c.receive()
  }
  return got
}

/** @param {number} n */
function closed(n) {
  const c = chan()
  c.close()
  let got = 0
  for (let i = 0; i < n; i++) if (c.tryReceive() !== undefined) got++
  return got
}
