/**
 * A chain in a process that has used all other kinds of stages, as a program of some size has: what the compiler made of one
 * kind of stage alone does not hold any more.
 *
 * @param {import('./serve.mjs').Sides} sides all of a rival's pipelines
 * @returns {import('./serve.mjs').Sides}
 */
export function usedChains(sides) {
  const prepare = async () => {
    for (let i = 0; i < 3; i++) for (const side of others(sides)) await side(3000)
  }
  const chain = (/** @type {string} */ id) =>
    Object.assign((/** @type {number} */ n) => /** @type {any} */ (sides[id])(n), { prepare })
  return { 'pipe-used-move': chain('pipe-move-10'), 'pipe-used-iterable': chain('pipe-iterable-10') }
}

/** @param {import('./serve.mjs').Sides} sides */
function others(sides) {
  return Object.entries(sides)
    .filter(([id, side]) => typeof side === 'function' && !/peak|slow/.test(id))
    .map(([, side]) => /** @type {import('./serve.mjs').Batch} */ (side))
}
