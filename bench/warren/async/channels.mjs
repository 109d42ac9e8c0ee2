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
  go(async () => {
    for (let value = await ping.receive(); value !== undefined; value = await ping.receive()) await pong.send(value)
    pong.close()
  })
  return go(async () => {
    let got = 0
    for (let i = 0; i < n; i++) {
      await ping.send(i)
      if ((await pong.receive()) === i) got++
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
  return go(async () => {
    let got = 0
    for (let value = await numbers.receive(); value === got; value = await numbers.receive()) got++
    return got
  }).join()
}

/**
 * @param {Numbers} numbers
 * @param {number} n
 */
async function produce(numbers, n) {
  for (let i = 0; i < n; i++) await numbers.send(i)
  numbers.close()
}

/** @param {number} n */
function range(n) {
  const numbers = chan(100)
  go(produce, numbers, n)
  return go(async () => {
    let got = 0
    for await (const value of numbers) {
      if (value !== got) break
      got++
    }
    return got
  }).join()
}

/** @param {number} n */
function batches(n) {
  const numbers = chan(100)
  go(async () => {
    const values = Array.from({ length: 100 }, () => 1)
    for (let sent = 0; sent < n; sent += 100) await numbers.sendMany(values)
    numbers.close()
  })
  return go(addBatches, numbers).join()
}

/** @param {number} n */
function receiveBatches(n) {
  const numbers = chan(100)
  go(async () => {
    for (let i = 0; i < n; i++) await numbers.send(1)
    numbers.close()
  })
  return go(addBatches, numbers).join()
}

/** @param {Numbers} numbers */
async function addBatches(numbers) {
  let sum = 0
  for (;;) {
    const values = await numbers.receiveMany()
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
async function fillAndDrain(numbers, n) {
  let got = 0
  for (let done = 0; done < n; done += 100) {
    for (let i = 0; i < 100; i++) await numbers.send(1)
    for (let i = 0; i < 100; i++) got += /** @type {number} */ (await numbers.receive())
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
  const first = go(async () => {
    let got = 0
    for (let i = 0; i < n / 2; i++) {
      got += await c.receive()
      await c.send(1)
    }
    return got
  })
  const second = go(async () => {
    let got = 0
    for (let i = 0; i < n / 2; i++) {
      await c.send(1)
      got += await c.receive()
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
  go(async () => {
    for (let i = 0; i < n; i++) await c.send(1)
    await c.send(0)
  })
  return go(async () => {
    let got = 0
    for (let value = await c.receive(); value !== 0; value = await c.receive()) got += value
    return got
  }).join()
}

/** @param {number} n */
async function semaphore(n) {
  const c = chan(1)
  let got = 0
  for (let i = 0; i < n; i++) {
    await c.send(1)
    got += await c.receive()
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
