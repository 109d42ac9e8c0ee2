import { expect, test } from 'vitest'
import { chan, go } from 'warren'
import { leaks } from 'warren/debug'
import { trackLeaks } from '../../src/runtime/prove-leaks.ts'
import { scheduler } from '../../src/runtime/runtime.ts'

test('who has ended is forgotten, whatever becomes of it', async () => {
  const tracker = trackLeaks(scheduler)
  const ch = chan<number>()
  for (let i = 0; i < 100; i++) {
    go(async () => void (await ch.receive()))
    go(function* () {
      yield* ch.send(i)
    })
  }
  await leaks()
  expect(tracker.count).toBe(0)
  go(function* () {
    yield* chan().receive()
  })
  expect(await leaks()).toMatchObject([{ proven: true }])
  expect(tracker.count).toBe(1)
})
