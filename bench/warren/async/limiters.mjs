import { background, go, WaitGroup, withCancel } from '../../../dist/index.js'
import { Limiter } from '../../../dist/resilience/index.js'
import { timed, timedEnd, waitAgain, warmed } from '../../lib/limiter-probes.mjs'
import { abandoned, crowd, steady, steadyFast } from '../../lib/limiter-scenarios.mjs'

/** @type {import('../../lib/serve.mjs').Sides} */
export const sides = {
  'limiter-allow': (n) => {
    const limiter = new Limiter(1e9, 1e9)
    let got = 0
    for (let i = 0; i < n; i++) if (limiter.allow()) got++
    return got
  },
  'limiter-refuse': (n) => {
    const limiter = new Limiter(1e-3, 0)
    let got = 0
    for (let i = 0; i < n; i++) if (!limiter.allow()) got++
    return got
  },
  'limiter-wait': (n) =>
    go(async () => {
      const limiter = new Limiter(1e9, 1e9)
      let got = 0
      for (; got < n; got++) await limiter.wait()
      return got
    }).join(),
  'limiter-crowd': async () => {
    const { cpuNs, counted } = await runAtOnce()
    return { value: cpuNs, counted }
  },
  'limiter-crowd-late': async () => {
    const { lateMs, counted } = await runAtOnce()
    return { value: lateMs, counted }
  },
  'limiter-steady-late': () => runInTurn(steady),
  'limiter-fast-late': () => runInTurn(steadyFast),
  'limiter-cancel': () => warmed(async () => (await giveUp()).outcome),
  'limiter-after': async () => {
    const { limiter, outcome } = await giveUp()
    return { value: await waitAgain(() => limiter.wait()), counted: outcome.counted }
  },
}

function runAtOnce() {
  return timed(crowd, async (asked) => {
    const limiter = new Limiter(crowd.rate, crowd.burst)
    const group = new WaitGroup()
    let came = 0
    group.add(crowd.count)
    for (let i = 0; i < crowd.count; i++) {
      go(async () => {
        asked()
        await limiter.wait()
        came++
        group.done()
      })
    }
    await group.wait()
    return came
  })
}

/** @param {import('../../lib/limiter-probes.mjs').Load} load */
async function runInTurn(load) {
  const { lateMs, counted } = await timed(load, (asked) =>
    go(async () => {
      const limiter = new Limiter(load.rate, load.burst)
      let came = 0
      asked()
      for (; came < load.count; came++) await limiter.wait()
      return came
    }).join(),
  )
  return { value: lateMs, counted }
}

async function giveUp() {
  const { count, rate, burst } = abandoned
  const limiter = new Limiter(rate, burst)
  limiter.allow()
  const ctx = withCancel(background())
  let asked = 0
  let told = 0
  const all = Array.from({ length: count }, () =>
    go(async () => {
      asked++
      try {
        await limiter.wait(ctx)
      } catch {
        told++
      }
    }),
  )
  while (asked < count) await new Promise((resolve) => setImmediate(resolve))
  const outcome = await timedEnd(count, async () => {
    ctx.cancel()
    for (const one of all) await one.join()
    return told
  })
  return { limiter, outcome }
}
