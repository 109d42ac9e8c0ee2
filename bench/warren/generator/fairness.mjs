import { chan, go, sleep } from '../../../dist/index.js'
import { hostTimer, latest } from '../../lib/probe.mjs'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = {
  'timer-unbuffered': (n) => underPingPong(n, 0),
  'timer-buffered': (n) => underPingPong(n, 1),
  'timer-settled': underSettled,
}

/**
 * Half of the timers are the host's, half are ours.
 *
 * @param {number} n
 * @param {() => void} stop
 */
async function late(n, stop) {
  const value = Math.max(await latest(n / 2, hostTimer), await latest(n / 2, sleep))
  stop()
  return { value, counted: n }
}

/**
 * @param {number} n
 * @param {number} capacity
 */
function underPingPong(n, capacity) {
  const ping = chan(capacity)
  const pong = chan(capacity)
  let stop = false
  go(function* () {
    for (let value = yield* ping.receive(); value !== undefined; value = yield* ping.receive()) yield* pong.send(value)
  })
  go(function* () {
    while (!stop) {
      yield* ping.send(1)
      yield* pong.receive()
    }
    ping.close()
  })
  return late(n, () => {
    stop = true
  })
}

/** @param {number} n */
function underSettled(n) {
  const c = chan(1)
  let stop = false
  go(function* () {
    while (!stop) {
      yield* c.send(1)
      yield* c.receive()
    }
  })
  return late(n, () => {
    stop = true
  })
}
