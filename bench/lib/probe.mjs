/** The bytes on the heap after everything that can go has gone. Needs `--expose-gc`. */
export function memory() {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** One turn of the event loop. */
export function turn() {
  return new Promise((resolve) => setImmediate(resolve))
}

/** @param {number} ms */
export function hostTimer(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/**
 * The latest of n timers of 5 ms, in ms after it was due.
 *
 * @param {number} n
 * @param {(ms: number) => PromiseLike<unknown>} timer
 */
export async function latest(n, timer = hostTimer) {
  let worst = 0
  for (let i = 0; i < n; i++) {
    const start = performance.now()
    await timer(5)
    worst = Math.max(worst, performance.now() - start - 5)
  }
  return worst
}
