/** What peers over async iterables have in common. */

/**
 * Hands over one value at a time.
 *
 * @param {number} values
 */
export async function* produced(values) {
  for (let i = 0; i < values; i++) yield i
}

/**
 * @param {AsyncIterable<any>} stream
 * @param {(v: any) => void} each
 */
export async function drain(stream, each) {
  for await (const v of stream) each(v)
}

/**
 * @param {AsyncIterable<number>} stream
 * @param {import('./pipe-values.mjs').Watch} watch
 */
export async function drainSlowly(stream, watch) {
  for await (const v of stream) {
    const waiting = watch.take(v)
    if (waiting !== undefined) await waiting
    if (watch.full) break
  }
}
