// Leak canaries: a goroutine that nobody can resume is garbage, with its frame and all that only its frame holds. One
// stray strong reference in the runtime (to a waiter, a channel, a promise, a generator) and these fail.
//
// The goroutine under test is the last thing that touches the runtime: what remembers only the latest is caught too.

import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chan, chan, go, never, numGoroutine, select, sending, wait } from 'warren'
import { scheduler } from '../../src/runtime/runtime.ts'
import { Canary } from '../support/gc.ts'

/** Waits for ever in one way, and holds the canary meanwhile. Each way is written in both styles. */
interface Way {
  generator(hold: object): Generator<never, unknown, unknown> | Iterable<unknown>
  async(hold: object): Promise<unknown>
}

let used = 0
/** Keeps an object in the frame over the wait. */
function use(hold: object): void {
  if ('x' in hold) used++
}

function way(generator: (hold: object) => Generator<unknown, unknown, unknown>, async: Way['async']): Way {
  return { generator: generator as Way['generator'], async }
}

const ways: Record<string, Way> = {
  receive: way(
    function* (hold) {
      yield* chan().receive()
      use(hold)
    },
    async (hold) => {
      await chan().receive()
      use(hold)
    },
  ),
  next: way(
    function* (hold) {
      yield* chan().next()
      use(hold)
    },
    async (hold) => {
      for await (const _ of chan()) use(hold)
      use(hold)
    },
  ),
  receiveMany: way(
    function* (hold) {
      yield* chan(5).receiveMany()
      use(hold)
    },
    async (hold) => {
      await chan(5).receiveMany()
      use(hold)
    },
  ),
  send: way(
    function* (hold) {
      yield* chan().send(hold)
      use(hold)
    },
    async (hold) => {
      await chan().send(hold)
      use(hold)
    },
  ),
  'send into a full buffer': way(
    function* (hold) {
      const ch = chan<object>(1)
      yield* ch.send(hold)
      yield* ch.send(hold)
      use(hold)
    },
    async (hold) => {
      const ch = chan<object>(1)
      await ch.send(hold)
      await ch.send(hold)
      use(hold)
    },
  ),
  'sendMany of an array': way(
    function* (hold) {
      yield* chan<object>(1).sendMany([hold, hold, hold])
      use(hold)
    },
    async (hold) => {
      await chan<object>(1).sendMany([hold, hold, hold])
      use(hold)
    },
  ),
  'sendMany of an iterable': way(
    function* (hold) {
      yield* chan<object>(1).sendMany(new Set([hold, {}, {}]))
      use(hold)
    },
    async (hold) => {
      await chan<object>(1).sendMany(new Set([hold, {}, {}]))
      use(hold)
    },
  ),
  select: way(
    function* (hold) {
      yield* select({ a: chan(), b: chan(1), sent: sending(chan<object>(), hold) })
      use(hold)
    },
    async (hold) => {
      await select({ a: chan(), b: chan(1), sent: sending(chan<object>(), hold) })
      use(hold)
    },
  ),
  'a select on one channel, as sender and receiver': way(
    function* (hold) {
      const ch = chan<object>()
      yield* select([ch, sending(ch, hold), ch])
      use(hold)
    },
    async (hold) => {
      const ch = chan<object>()
      await select([ch, sending(ch, hold), ch])
      use(hold)
    },
  ),
  'a select without cases': way(
    function* (hold) {
      yield* select({})
      use(hold)
    },
    async (hold) => {
      await select({})
      use(hold)
    },
  ),
  'the nil channel': way(
    function* (hold) {
      yield* never.receive()
      use(hold)
    },
    async (hold) => {
      await never.send(hold)
      use(hold)
    },
  ),
  'join of a goroutine that is itself stuck': way(
    function* (hold) {
      const child = go(function* () {
        yield* chan().receive()
        use(hold)
      })
      yield* child.join()
      use(hold)
    },
    async (hold) => {
      const child = go(async () => {
        await chan().receive()
        use(hold)
      })
      await child.join()
      use(hold)
    },
  ),
  'two goroutines that wait for each other': way(
    function* (hold) {
      const [here, there] = [chan(), chan<object>()]
      go(function* () {
        yield* there.receive()
        yield* here.send(hold)
      })
      yield* here.receive()
      yield* there.send(hold)
    },
    async (hold) => {
      const [here, there] = [chan(), chan<object>()]
      go(async () => {
        await there.receive()
        await here.send(hold)
      })
      await here.receive()
      await there.send(hold)
    },
  ),
  'a parent that waits for what its child never sends': way(
    function* (hold) {
      const [results, requests] = [chan(), chan<object>()]
      go(function* () {
        for (;;) {
          yield* requests.receive()
          yield* results.send(hold)
        }
      })
      yield* results.receive()
      use(hold)
    },
    async (hold) => {
      const [results, requests] = [chan(), chan<object>()]
      go(async () => {
        for await (const _ of requests) await results.send(hold)
      })
      await results.receive()
      use(hold)
    },
  ),
  'a signal that nobody else has': way(
    function* (hold) {
      yield* chan().receive(new AbortController().signal)
      use(hold)
    },
    async (hold) => {
      await select({ ch: chan() }, { ctx: new AbortController().signal })
      use(hold)
    },
  ),
  'a promise that nobody settles': way(
    function* (hold) {
      yield* wait(new Promise(() => {}))
      use(hold)
    },
    async (hold) => {
      await wait(new Promise(() => {}))
      use(hold)
    },
  ),
}

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
  afterAll(() => expect(used).toBe(0))

  test('still lists what was collected, by its record', async () => {
    const canary = new Canary()
    start(ways['receive']!, 'generator', canary)
    expect(await canary.collected(1)).toBe(1)
    expect(numGoroutine()).toBe(before + 1)
    const last = [...scheduler.table].at(-1)!
    for (const value of Object.values(last)) expect(['number', 'string', 'undefined', 'object']).toContain(typeof value)
  })
})
