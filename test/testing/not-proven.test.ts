// What can still run, or has ended, is never taken for a leak.
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { after, chan, fromSignal, go, gosched, Mutex, sleep, tick, todo, WaitGroup, wait, withTimeout } from 'warren'
import { leaks } from 'warren/debug'
import { checkLeaks } from 'warren/testing'
import { type Body, on, type Style, styles } from '../support/styles.ts'

/** What the goroutines under test can be reached through. */
let kept: unknown[] = []
const endings: (() => unknown)[] = []

afterEach(async () => {
  kept = []
  for (const end of endings.splice(0)) await end()
})

function keep<T>(value: T): T {
  kept.push(value)
  return value
}

interface Way {
  readonly name: string
  readonly state: string
  body(style: Style): Body<unknown>
}

const minute = 60_000

const waits: readonly Way[] = [
  { name: 'on a channel in reach, receiving', state: 'chan receive', body: () => on(keep(chan()).receive()) },
  { name: 'on a channel in reach, sending', state: 'chan send', body: () => on(keep(chan<number>()).send(1)) },
  {
    name: 'on a lock in reach',
    state: 'sync.Mutex.Lock',
    *body() {
      const mu = keep(new Mutex())
      yield* on(mu.lock())
      yield* on(mu.lock())
    },
  },
  {
    name: 'on a WaitGroup in reach',
    state: 'sync.WaitGroup.Wait',
    body() {
      const wg = keep(new WaitGroup())
      wg.add(1)
      return on(wg.wait())
    },
  },
  { name: 'in sleep', state: 'sleep', body: (style) => on(endedBy((signal) => sleep(minute, signal), style)) },
  {
    name: 'for a timer',
    state: 'chan receive',
    body: (style) => on(endedBy((signal) => after(minute).receive(signal), style)),
  },
  {
    name: 'for a ticker',
    state: 'chan receive',
    body: (style) => on(endedBy((signal) => tick(minute).receive(signal), style)),
  },
  {
    name: 'under a deadline',
    state: 'chan receive',
    body() {
      const ctx = withTimeout(todo(), minute)
      endings.push(() => ctx.cancel())
      return on(chan().receive(ctx))
    },
  },
  {
    name: 'for the done of a context with a deadline',
    state: 'chan receive',
    body() {
      const ctx = withTimeout(todo(), minute)
      endings.push(() => ctx.cancel())
      return on(ctx.done.receive())
    },
  },
  {
    name: 'under a signal in reach',
    state: 'chan receive',
    body() {
      const controller = keep(new AbortController())
      return on(chan().receive(fromSignal(controller.signal)))
    },
  },
  {
    name: 'for a foreign promise of a host timer',
    state: 'IO wait',
    body() {
      const controller = new AbortController()
      endings.push(() => controller.abort())
      return on(wait(delay(minute, undefined, { signal: controller.signal, ref: false })))
    },
  },
  {
    name: 'for a foreign promise that somebody can settle',
    state: 'IO wait',
    body: () =>
      on(
        wait(
          new Promise((resolve) => {
            keep(resolve)
          }),
        ),
      ),
  },
]

/** An operation that ends with the test. */
function endedBy<T>(operation: (signal: AbortSignal) => T, _style: Style): T {
  const controller = new AbortController()
  endings.push(() => controller.abort())
  return operation(controller.signal)
}

for (const style of styles) {
  describe(`${style.name} goroutines that wait`, () => {
    test.each(waits)('$name are left, but not proven', async ({ state, body }) => {
      const found = await checkLeaks(() => void style.go(body, style), { timeoutMs: 50 })
      expect(found).toMatchObject([{ proven: false, goroutine: { state } }])
    })
  })

  test(`${style.name} goroutines that wait for an AbortSignal.timeout are no leaks`, async () => {
    const caught: unknown[] = []
    const found = await checkLeaks(() => {
      style.go(function* () {
        try {
          yield* on(chan().receive(AbortSignal.timeout(30)))
        } catch (error) {
          caught.push(error)
        }
      })
    })
    expect(found).toEqual([])
    expect(caught.length).toBe(1)
  })

  test(`${style.name} goroutines that sleep, tick, give way and end are no leaks`, async () => {
    const found = await checkLeaks(() => {
      style.go(function* () {
        yield* on(sleep(20))
        for (let i = 0; i < 3; i++) yield* on(tick(2).receive())
        for (let i = 0; i < 1000; i++) yield* on(gosched())
        yield* on(after(5).receive())
      })
    })
    expect(found).toEqual([])
  })

  test(`${style.name} goroutines that have ended, or failed, are no leaks`, async () => {
    const found = await checkLeaks(async () => {
      const ch = chan<number>()
      style.go(() => on(ch.send(1)))
      await ch.receive()
      const failing = style.go(function* () {
        yield* on(gosched())
        throw new Error('expected')
      })
      await failing.join().catch(() => {})
    })
    expect(found).toEqual([])
  })
}

test('killed goroutines are no leaks, whatever they waited for', async () => {
  const found = await checkLeaks(async () => {
    const stuck = go(function* () {
      yield* chan().receive()
    })
    const notStarted = go(function* () {
      yield* chan().receive()
    })
    notStarted.kill()
    await gosched()
    stuck.kill()
  })
  expect(found).toEqual([])
})

test('a generator goroutine whose handle is kept can still be killed', async () => {
  const found = await checkLeaks(
    () => {
      keep(
        go(function* () {
          yield* chan().receive()
        }),
      )
    },
    { timeoutMs: 50 },
  )
  expect(found).toMatchObject([{ proven: false }])
})

test('a goroutine that is let go late is not taken for proven while it waits', async () => {
  const gate = keep(chan<number>())
  go(async function waiting() {
    await gate.receive()
    await chan().receive()
  })
  const waiting = async () => (await leaks()).find(({ goroutine }) => goroutine.name === 'waiting')
  expect(await waiting()).toMatchObject({ proven: false, goroutine: { state: 'chan receive' } })
  await gate.send(1)
  expect(await waiting()).toMatchObject({ proven: true, goroutine: { state: 'chan receive' } })
})

test('leaks lists who waits for others, not who sleeps or waits for a foreign promise', async () => {
  const controller = new AbortController()
  endings.push(() => controller.abort())
  const { signal } = controller
  const before = new Set((await leaks()).map(({ goroutine }) => goroutine.id))
  go(async function sleeper() {
    await sleep(minute, signal).catch(() => {})
  })
  go(async function fetcher() {
    await delay(minute, undefined, { signal }).catch(() => {})
  })
  go(async function receiver() {
    await keep(chan()).receive(signal)
  })
  const found = (await leaks()).filter(({ goroutine }) => !before.has(goroutine.id))
  expect(found).toMatchObject([{ proven: false, goroutine: { name: 'receiver' } }])
})
