/**
 * The scenarios of rate limiters. A rival that knows no burst of the wanted size takes the nearest; what is late or early is measured against the rate
 * and burst that it was given.
 */

/** How many ask at once, and how many may go each second. */
export const crowd = { count: 5000, rate: 5000, burst: 1 }
/** Who asks again and again. */
export const steady = { count: 201, rate: 200, burst: 1 }
export const steadyFast = { count: 2000, rate: 2000, burst: 20 }
/** They would need more than an hour: all are given up. */
export const abandoned = { count: 5000, rate: 1, burst: 1 }
/** Who waits longer than that has not got the tokens back. */
export const patienceMs = 2000

const group = 'limiters'
const batch = /** @type {const} */ ({ group, unit: 'ns', kind: 'batch' })
const probe = /** @type {const} */ ({ group, kind: 'probe', maxRounds: 3, timeoutMs: 30_000 })

/** @satisfies {readonly import('./scenarios.mjs').Scenario[]} */
export const limiterScenarios = [
  { ...batch, id: 'limiter-allow', what: 'check of a limiter that lets everything through (bottleneck only looks)' },
  { ...batch, id: 'limiter-refuse', what: 'check of a limiter that lets nothing through' },
  { ...batch, id: 'limiter-wait', what: 'wait for a limiter that lets it through at once' },
  {
    ...probe,
    id: 'limiter-crowd',
    unit: 'ns',
    what: 'wait of 5,000 that are asked for at once, at 5,000 per second: processor time',
    count: crowd.count,
  },
  {
    ...probe,
    id: 'limiter-crowd-late',
    unit: 'ms',
    what: 'how much later than the rate says the last of these comes; below zero, the rate was exceeded',
    count: crowd.count,
  },
  {
    ...probe,
    id: 'limiter-steady-late',
    unit: 'ms',
    what: 'how much later than the rate says the last of 201 waits comes, one after the other, at 200 per second',
    count: steady.count,
  },
  {
    ...probe,
    id: 'limiter-fast-late',
    unit: 'ms',
    what: 'the same for 2,000 waits at 2,000 per second and a burst of 20: a timer has to serve several',
    count: steadyFast.count,
  },
  {
    ...probe,
    id: 'limiter-cancel',
    unit: 'ns',
    what: 'wait of 5,000 that one cancel ends, until all know: processor time',
    count: abandoned.count,
  },
  {
    ...probe,
    id: 'limiter-after',
    unit: 'ms',
    what: 'how long the next one then waits, at 1 per second: up to 1000 when the 5,000 have given everything back',
    count: abandoned.count,
  },
]
