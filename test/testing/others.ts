import { expect } from 'vitest'
import { go, sleep } from 'warren'
import type { Bubble } from 'warren/testing'

/** The time in the bubble must be what it was, although others are waiting for it to pass. */
export async function whileOthersSleep(t: Bubble, fn: () => PromiseLike<unknown>): Promise<void> {
  let slept = 0
  const sleeper = go(async () => {
    await sleep(1)
    slept++
  })
  await fn()
  expect([slept, t.now()]).toEqual([0, 0])
  await sleeper.join()
  expect(t.now()).toBe(1)
}
