/**
 * The limiter scenarios for peers.
 *
 * @typedef {object} Gate
 * @property {() => PromiseLike<unknown>} wait
 * @property {number} [burst] where it is not the one that was asked for
 * @property {() => unknown} [cancel] ends all waits
 *
 * @typedef {object} Peer
 * @property {string} [check] why it has none
 * @property {((isOpen: boolean) => (() => unknown))} [checker] asks a limiter that lets everything or nothing through
 * @property {(rate: number, burst: number) => Gate} gate
 * @property {string} [cancel] why its waits cannot be ended
 */

import { timed, timedEnd, waitAgain, warmed } from './limiter-probes.mjs'
import { abandoned, crowd, steady, steadyFast } from './limiter-scenarios.mjs'

/**
 * @param {Peer} peer
 * @returns {import('./serve.mjs').Sides}
 */
export function peerLimiters(peer) {
  /** @param {import('./limiter-probes.mjs').Load} load */
  const runAtOnce = (load) => {
    const { burst = load.burst } = peer.gate(load.rate, load.burst)
    return timed({ ...load, burst }, async (asked) => {
      const gate = peer.gate(load.rate, load.burst)
      let came = 0
      asked()
      await Promise.all(Array.from({ length: load.count }, () => gate.wait().then(() => came++)))
      return came
    })
  }
  /** @param {import('./limiter-probes.mjs').Load} load */
  const runInTurn = async (load) => {
    const { burst = load.burst } = peer.gate(load.rate, load.burst)
    const { lateMs, counted } = await timed({ ...load, burst }, async (asked) => {
      const gate = peer.gate(load.rate, load.burst)
      let came = 0
      asked()
      for (; came < load.count; came++) await gate.wait()
      return came
    })
    return { value: lateMs, counted }
  }
  const checks = (/** @type {boolean} */ isOpen) => (/** @type {number} */ n) => check(peer, isOpen, n)
  return {
    'limiter-allow': peer.checker === undefined ? (peer.check ?? '') : checks(true),
    'limiter-refuse': peer.checker === undefined ? (peer.check ?? '') : checks(false),
    'limiter-wait': async (n) => {
      const gate = peer.gate(1e9, 1e9)
      let got = 0
      for (; got < n; got++) await gate.wait()
      return got
    },
    'limiter-crowd': async () => {
      const { cpuNs, counted } = await runAtOnce(crowd)
      return { value: cpuNs, counted }
    },
    'limiter-crowd-late': async () => {
      const { lateMs, counted } = await runAtOnce(crowd)
      return { value: lateMs, counted }
    },
    'limiter-steady-late': () => runInTurn(steady),
    'limiter-fast-late': () => runInTurn(steadyFast),
    'limiter-cancel': peer.cancel ?? (() => warmed(async () => (await giveUp(peer)).outcome)),
    'limiter-after':
      peer.cancel ??
      (async () => {
        const { gate, outcome } = await giveUp(peer)
        return { value: await waitAgain(gate.wait), counted: outcome.counted }
      }),
  }
}

/**
 * @param {Peer} peer
 * @param {boolean} isOpen
 * @param {number} n
 */
async function check(peer, isOpen, n) {
  const ask = /** @type {NonNullable<Peer['checker']>} */ (peer.checker)(isOpen)
  let got = 0
  const first = ask()
  if (first instanceof Promise) {
    if ((await first) === isOpen) got++
    for (let i = 1; i < n; i++) if ((await ask()) === isOpen) got++
  } else {
    if (first === isOpen) got++
    for (let i = 1; i < n; i++) if (ask() === isOpen) got++
  }
  return got
}

/** @param {Peer} peer */
async function giveUp(peer) {
  const { count, rate, burst } = abandoned
  const gate = peer.gate(rate, burst)
  for (let i = 0; i < (gate.burst ?? burst); i++) await gate.wait()
  let told = 0
  const waits = Array.from({ length: count }, () =>
    gate.wait().then(
      () => {},
      () => told++,
    ),
  )
  const outcome = await timedEnd(count, async () => {
    await gate.cancel?.()
    await Promise.all(waits)
    return told
  })
  return { gate, outcome }
}
