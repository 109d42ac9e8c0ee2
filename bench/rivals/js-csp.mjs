// js-csp: generator processes. A process is scheduled by a setImmediate of its own.
import csp from 'js-csp'
import { serve } from '../lib/serve.mjs'

const { alts, chan, put, take, takeAsync } = csp
/** @type {(body: (...args: any[]) => Generator<any, any, any>, args?: unknown[]) => unknown} */
const go = csp.go

await serve('js-csp', 'node_modules/js-csp/package.json', {
  'ping-pong': pingPong,
  unbuffered: (n) => stream(n, 0),
  'capacity-100': (n) => stream(n, 100),
  'range-100': 'no iterator',
  uncontended,
  'batch-100': 'no batches',
  'batch-receive': 'no batches',
  make,
  'select-two': selectTwo,
  sieve,
  parked: 'at most 1,024 takers wait on a channel, the next one throws',
  'spawn-join': spawnJoin,
  'spawn-many': spawnMany,
  gosched: 'no gosched',
  skynet,
})

/**
 * What a process returns.
 *
 * @param {() => Generator<any, any, any>} body
 * @returns {Promise<number>}
 */
function result(body) {
  return new Promise((resolve) => takeAsync(go(body), resolve))
}

/** @param {number} capacity */
function channel(capacity) {
  return capacity === 0 ? chan() : chan(capacity)
}

/** @param {number} n */
function pingPong(n) {
  const ping = chan()
  const pong = chan()
  go(function* () {
    for (let i = 0; i < n; i++) yield put(pong, yield take(ping))
  })
  return result(function* () {
    let got = 0
    for (let i = 0; i < n; i++) {
      yield put(ping, i)
      if ((yield take(pong)) === i) got++
    }
    return got
  })
}

/**
 * @param {number} n
 * @param {number} capacity
 */
function stream(n, capacity) {
  const c = channel(capacity)
  go(function* () {
    for (let i = 0; i < n; i++) yield put(c, i)
    c.close()
  })
  return result(function* () {
    let got = 0
    for (let value = yield take(c); value === got; value = yield take(c)) got++
    return got
  })
}

/** @param {number} n */
function uncontended(n) {
  const c = chan(100)
  return result(function* () {
    let got = 0
    for (let done = 0; done < n; done += 100) {
      for (let i = 0; i < 100; i++) yield put(c, 1)
      for (let i = 0; i < 100; i++) got += yield take(c)
    }
    return got
  })
}

/** @param {number} n */
function make(n) {
  let last
  for (let i = 0; i < n; i++) last = chan(8)
  return last === undefined ? 0 : n
}

/** @param {number} n */
function selectTwo(n) {
  const a = chan()
  const b = chan()
  /** @param {unknown} c */
  function* produce(c) {
    for (let i = 0; i < n / 2; i++) yield put(c, 1)
  }
  go(produce, [a])
  go(produce, [b])
  return result(function* () {
    let got = 0
    for (let i = 0; i < n; i++) got += (yield alts([a, b])).value
    return got
  })
}

/** @param {number} n */
function sieve(n) {
  return result(function* () {
    let got = 0
    for (; got < n; got += 1998) {
      const primes = yield take(go(countPrimes))
      if (primes !== 303) return -1
    }
    return got
  })
}

/** @returns {Generator<any, any, any>} */
function* countPrimes() {
  let source = chan()
  go(count, [source])
  for (let primes = 0; ; primes++) {
    const prime = yield take(source)
    if (prime === csp.CLOSED) return primes
    const next = chan()
    go(filter, [source, next, prime])
    source = next
  }
}

/**
 * @param {any} out
 * @returns {Generator<any, any, any>}
 */
function* count(out) {
  for (let i = 2; i < 2000; i++) yield put(out, i)
  out.close()
}

/**
 * @param {any} from
 * @param {any} to
 * @param {number} prime
 * @returns {Generator<any, any, any>}
 */
function* filter(from, to, prime) {
  for (let value = yield take(from); value !== csp.CLOSED; value = yield take(from)) {
    if (value % prime !== 0) yield put(to, value)
  }
  to.close()
}

// A process returns over a channel; one that returns nothing closes it.
function* one() {
  return 1
}

/** @param {number} n */
function spawnJoin(n) {
  return result(function* () {
    let got = 0
    for (let i = 0; i < n; i++) got += yield take(go(one))
    return got
  })
}

/** @param {number} n */
function spawnMany(n) {
  return result(function* () {
    let got = 0
    for (let i = 0; i < n; i += 1000) {
      const processes = Array.from({ length: 1000 }, () => go(one))
      for (const process of processes) got += yield take(process)
    }
    return got
  })
}

/** @param {number} n */
async function skynet(n) {
  const leaves = n === 1_111_111 ? 1_000_000 : 100_000
  return (await result(() => node(0, leaves))) === (leaves * (leaves - 1)) / 2 ? n : -1
}

/**
 * @param {number} first
 * @param {number} size
 * @returns {Generator<any, any, any>}
 */
function* node(first, size) {
  if (size === 1) return first
  const part = size / 10
  const parts = Array.from({ length: 10 }, (_, i) => go(node, [first + i * part, part]))
  let sum = 0
  for (const child of parts) sum += yield take(child)
  return sum
}
