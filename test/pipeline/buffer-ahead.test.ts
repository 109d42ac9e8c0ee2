import { expect, test } from 'vitest'
import { sleep } from 'warren'
import { buffer, forEach, generate, littlesLaw, stats } from 'warren/pipeline'
import { bubble } from 'warren/testing'

test(
  'a buffer goes on filling itself after it has served a waiting reader',
  bubble(async (t) => {
    const arrivals = generate<number>(async (out) => {
      for (let n = 0; n < 100; n++) {
        await sleep(10)
        await out.send(n)
      }
    })
    const queue = buffer(arrivals, 50, { measured: true })
    await forEach(queue, () => sleep(15))
    expect(t.now()).toBe(10 + 100 * 15)
    const { departures, arrivalRate, meanLength, meanWaitMs } = stats(queue)
    expect(departures).toBe(100)
    expect(meanWaitMs).toBeCloseTo((5 * 99) / 2, 6) // the last one waits for all the time that was lost
    expect(littlesLaw({ arrivalRate, latencyMs: meanWaitMs }).length).toBeCloseTo(meanLength, 6)
  }),
)
