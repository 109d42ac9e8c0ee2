// Leak canaries: a goroutine that nobody can resume is garbage, with its frame and all that only its frame holds. One
// stray strong reference in the runtime (to a waiter, a channel, a promise, a generator) and these fail.
//
// The goroutine under test is the last thing that touches the runtime: what remembers only the latest is caught too.

import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chan, chan, go, numGoroutine } from 'warren'
import { scheduler } from '../../src/runtime/runtime.ts'
import { Canary } from '../support/gc.ts'
import { timesUsed, use, type Way, ways } from '../support/stuck.ts'

for (const style of ['generator', 'async'] as const) {
  describe(`${style} goroutines that are stuck for ever are collected`, () => {
    for (const [name, body] of Object.entries(ways)) {
      test(name, async () => {
        const canary = new Canary()
        start(body, style, canary)
        expect(await canary.collected(1)).toBe(1)
      })
    }
  })

  // Each in its turn takes the place of the one before, in whatever remembers the last: so once more with many.
  test(`many ${style} goroutines of every sort are collected, to the last one`, async () => {
    const canary = new Canary()
    const total = 5 * Object.keys(ways).length
    for (let i = 0; i < 5; i++) for (const body of Object.values(ways)) start(body, style, canary)
    expect(await canary.collected(total)).toBe(total)
  })
}

function start(body: Way, style: 'generator' | 'async', canary: Canary): void {
  const hold = canary.hatch()
  go(() => body[style](hold))
}

// From here on the runtime captures contexts: it does not until the program uses an AsyncLocalStorage.
describe('within an AsyncLocalStorage', () => {
  for (const style of ['generator', 'async'] as const) {
    test(`stuck ${style} goroutines are collected, and with them what is stored`, async () => {
      const storage = new AsyncLocalStorage<object>()
      const canary = new Canary()
      const bodies = Object.values(ways)
      for (const body of bodies) storage.run(canary.hatch(), () => start(body, style, canary))
      expect(await canary.collected(2 * bodies.length)).toBe(2 * bodies.length)
    })
  }
})

describe('what somebody can still resume is kept', () => {
  const kept: { channels: Chan<object>[]; controller: AbortController | null } = { channels: [], controller: null }

  test('a goroutine blocked on a channel that is in reach, until that is dropped', async () => {
    const canary = new Canary()
    kept.channels = [chan<object>(), chan<object>()]
    // In a function of its own: this test's frame must not hold a channel.
    const startAll = (): void =>
      kept.channels.forEach((ch) => {
        const hold = canary.hatch()
        go(function* () {
          yield* ch.receive()
          use(hold)
        })
      })
    startAll()
    expect(await canary.collected(1, 3)).toBe(0)
    kept.channels = []
    expect(await canary.collected(2)).toBe(2)
  })

  test('a goroutine under a signal that is in reach, until that is dropped', async () => {
    const canary = new Canary()
    kept.controller = new AbortController()
    ;(() => {
      const [hold, { signal }] = [canary.hatch(), kept.controller]
      go(async () => {
        await chan().receive(signal)
        use(hold)
      })
    })()
    expect(await canary.collected(1, 3)).toBe(0)
    kept.controller = null
    expect(await canary.collected(1)).toBe(1)
  })

  test('what a goroutine has received is not kept by the channel, nor what it has sent', async () => {
    for (const capacity of [0, 4]) {
      const ch = chan<object>(capacity)
      kept.channels = [ch]
      const canary = new Canary()
      go(async () => {
        for (let i = 0; i < 20; i++) await ch.send(canary.hatch())
      })
      go(function* () {
        for (let i = 0; i < 20; i++) yield* ch.receive()
      })
      expect(await canary.collected(20)).toBe(20)
    }
    kept.channels = []
  })
})

describe('the table of goroutines', () => {
  let before = 0
  beforeAll(() => {
    before = numGoroutine()
  })
  afterAll(() => expect(timesUsed()).toBe(0))

  test('still lists what was collected, by its record', async () => {
    const canary = new Canary()
    start(ways['receive']!, 'generator', canary)
    expect(await canary.collected(1)).toBe(1)
    expect(numGoroutine()).toBe(before + 1)
    const last = [...scheduler.table].at(-1)!
    for (const value of Object.values(last)) expect(['number', 'string', 'undefined', 'object']).toContain(typeof value)
  })
})
