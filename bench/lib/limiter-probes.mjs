/**
 * What the probes of limiters have in common, for our two styles and the peers.
 *
 * @typedef {{ count: number, rate: number, burst: number }} Load
 */
import { patienceMs } from './limiter-scenarios.mjs'

const processorMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/**
 * How late the last of all comes, counted from when the first one asks, and what each has cost. It is done again while that is
 * soon over: the best of three, for what else the machine does only ever makes them later.
 *
 * @param {Load} load
 * @param {(asked: () => void) => PromiseLike<number>} run returns how many came
 */
export async function timed({ count, rate, burst }, run) {
  const best = { lateMs: Number.POSITIVE_INFINITY, cpuNs: Number.POSITIVE_INFINITY, counted: 0 }
  const began = performance.now()
  for (let round = 0; round < 3 && performance.now() - began < 3000; round++) {
    let start = 0
    const asked = () => {
      if (start === 0) start = performance.now()
    }
    const startCpu = processorMs()
    best.counted = await run(asked)
    const lateMs = performance.now() - start - ((count - burst) / rate) * 1000
    if (Math.abs(lateMs) < Math.abs(best.lateMs)) best.lateMs = lateMs
    best.cpuNs = Math.min(best.cpuNs, ((processorMs() - startCpu) * 1e6) / count)
    if (best.counted !== count) break
  }
  return best
}

/**
 * The best of five: the first is not compiled yet.
 *
 * @param {() => Promise<{ value: number, counted: number }>} probe
 */
export async function warmed(probe) {
  let best = await probe()
  for (let round = 1; round < 5; round++) {
    const outcome = await probe()
    if (outcome.counted < best.counted || outcome.value < best.value) best = outcome
  }
  return best
}

/**
 * What it costs to end all waits.
 *
 * @param {number} count
 * @param {() => PromiseLike<number>} end returns how many have heard of it
 */
export async function timedEnd(count, end) {
  const start = processorMs()
  const counted = await end()
  return { value: ((processorMs() - start) * 1e6) / count, counted }
}

/**
 * How long the next wait takes.
 *
 * @param {() => PromiseLike<unknown>} wait
 */
export async function waitAgain(wait) {
  const start = performance.now()
  const isLate = await Promise.race([
    wait(),
    new Promise((resolve) => setTimeout(resolve, patienceMs, patienceMs)),
  ]).then((value) => value === patienceMs)
  if (isLate) throw new RangeError(`the tokens are not given back within ${patienceMs / 1000} s`)
  return performance.now() - start
}
