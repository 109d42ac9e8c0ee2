import { memory, turn } from './probe.mjs'

/**
 * The channel scenarios for peers whose operations return promises. Streams are counted by both ends, since the peers do not
 * agree on what closing means; a value that is lost, doubled or out of order stops the scenario.
 *
 * @typedef {object} Adapter
 * @property {(capacity: number) => any} make
 * @property {(channel: any, value: number) => PromiseLike<unknown>} send
 * @property {(channel: any) => PromiseLike<any>} receive
 * @property {(channel: any) => void} [close]
 * @property {boolean} [range] whether `for await` over a channel ends when it is closed
 * @property {(a: any, b: any) => Promise<number>} [select] the value of whichever is ready
 * @property {Record<string, string>} [not] why a scenario is not possible
 */

/**
 * @param {Adapter} adapter
 * @returns {import('./serve.mjs').Sides}
 */
export function promiseChannels({ make, send, receive, close, range, select, not = {} }) {
  /** @type {unknown} */
  let sink

  /**
   * @param {any} channel
   * @param {number} n
   */
  async function produce(channel, n) {
    for (let i = 0; i < n; i++) await send(channel, i)
  }

  /**
   * @param {number} n
   * @param {number} capacity
   */
  async function stream(n, capacity) {
    const channel = make(capacity)
    produce(channel, n)
    let got = 0
    while (got < n && (await receive(channel)) === got) got++
    return got
  }

  /**
   * @param {number} n
   * @param {number} capacity
   */
  async function rangeOver(n, capacity) {
    const channel = make(capacity)
    produce(channel, n).then(() => close?.(channel))
    let got = 0
    for await (const value of channel) {
      if (value !== got) break
      got++
    }
    return got
  }

  /** @param {number} n */
  async function pingPong(n) {
    const ping = make(0)
    const pong = make(0)
    ;(async () => {
      for (let i = 0; i < n; i++) await send(pong, await receive(ping))
    })()
    let got = 0
    for (let i = 0; i < n; i++) {
      await send(ping, i)
      if ((await receive(pong)) === i) got++
    }
    return got
  }

  /** @param {number} n */
  async function uncontended(n) {
    const channel = make(100)
    let got = 0
    for (let done = 0; done < n; done += 100) {
      for (let i = 0; i < 100; i++) await send(channel, 1)
      for (let i = 0; i < 100; i++) got += await receive(channel)
    }
    return got
  }

  /** @param {number} n */
  async function selectTwo(n) {
    const a = make(0)
    const b = make(0)
    ;(async () => {
      for (let i = 0; i < n / 2; i++) await send(a, 1)
    })()
    ;(async () => {
      for (let i = 0; i < n / 2; i++) await send(b, 1)
    })()
    let got = 0
    for (let i = 0; i < n; i++) got += await /** @type {NonNullable<typeof select>} */ (select)(a, b)
    return got
  }

  /** @param {number} n */
  function makeMany(n) {
    for (let i = 0; i < n; i++) sink = make(8)
    return sink === undefined ? 0 : n
  }

  /** @param {number} n */
  async function sieve(n) {
    let got = 0
    for (; got < n; got += 1998) if ((await countPrimes()) !== 303) return -1
    return got
  }

  async function countPrimes() {
    const first = make(0)
    ;(async () => {
      for (let i = 2; i < 2000; i++) await send(first, i)
      await send(first, -1)
    })()
    let source = first
    for (let primes = 0; ; primes++) {
      const prime = await receive(source)
      if (prime === -1) return primes
      const next = make(0)
      filter(source, next, prime)
      source = next
    }
  }

  /**
   * @param {any} from
   * @param {any} to
   * @param {number} prime
   */
  async function filter(from, to, prime) {
    for (;;) {
      const value = await receive(from)
      if (value === -1 || value % prime !== 0) await send(to, value)
      if (value === -1) return
    }
  }

  return {
    'ping-pong': pingPong,
    unbuffered: (n) => stream(n, 0),
    'capacity-100': (n) => stream(n, 100),
    'range-100': range === true ? (n) => rangeOver(n, 100) : 'no async iterator',
    uncontended,
    'batch-100': 'no batches',
    'batch-receive': 'no batches',
    make: makeMany,
    'select-two': select === undefined ? 'no select' : selectTwo,
    sieve,
    parked: (n) => park(n, make(0), send, receive),
    ...not,
  }
}

/**
 * @param {number} n
 * @param {any} channel
 * @param {Adapter['send']} send
 * @param {Adapter['receive']} receive
 */
async function park(n, channel, send, receive) {
  let started = 0
  let counted = 0
  const wait = async () => {
    started++
    if ((await receive(channel)) === 1) counted++
  }
  const before = memory()
  for (let i = 0; i < n; i++) wait()
  while (started < n) await turn()
  const value = (memory() - before) / n
  for (let i = 0; i < n; i++) await send(channel, 1)
  for (let turns = 0; counted < n && turns < 100; turns++) await turn()
  return { value, counted }
}
