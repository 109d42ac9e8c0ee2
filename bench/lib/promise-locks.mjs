/**
 * The lock scenarios for peers that run a function under a lock or limit.
 *
 * @param {(limit: number) => (work: () => Promise<void> | void) => Promise<unknown>} make
 * @returns {import('./serve.mjs').Sides}
 */
export function promiseLocks(make) {
  return {
    'mutex-free': async (n) => {
      const locked = make(1)
      let got = 0
      for (let i = 0; i < n; i++) {
        await locked(() => {
          got++
        })
      }
      return got
    },

    'mutex-contended': async (n) => {
      const locked = make(1)
      let got = 0
      const work = async () => {
        for (let i = 0; i < n / 10; i++) {
          await locked(async () => {
            got++
            await undefined
          })
        }
      }
      await Promise.all(Array.from({ length: 10 }, work))
      return got
    },

    'limit-10': async (n) => {
      const limited = make(10)
      let got = 0
      let running = 0
      let most = 0
      const work = async () => {
        running++
        if (running > most) most = running
        await undefined
        running--
        got++
      }
      for (let i = 0; i < n; i += 1000) await Promise.all(Array.from({ length: 1000 }, () => limited(work)))
      return most > 10 ? -1 : got
    },
  }
}
