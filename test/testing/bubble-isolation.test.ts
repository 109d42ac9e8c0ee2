// Bubbles beside each other and beside the program, and what is left of them.
import { describe, expect, test } from 'vitest'
import { after, chan, go, gosched, Mutex, numGoroutine, sleep, withCancel } from 'warren'
import { dump, goroutines, on } from 'warren/debug'
import { bubble } from 'warren/testing'
import { collectGarbage, heapAfterGc } from '../support/gc.ts'
import { reasonOf } from './failures.ts'

const realTimeout = setTimeout
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a hundred bubbles at once have each a time, goroutines and numbers of their own', async () => {
  const bodies = Array.from({ length: 100 }, (_, i) => {
    const period = i + 2
    return bubble(async (t) => {
      const ch = chan<number>()
      go(async () => {
        for (let j = 1; j <= 20; j++) {
          await sleep(period)
          expect(numGoroutine()).toBe(2)
          await ch.send(j)
        }
        ch.close()
      })
      for await (const value of ch) {
        expect([t.now(), performance.now()]).toEqual([value * period, value * period])
        if (value % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      }
      expect(goroutines().map(({ id }) => id)).toEqual([1])
    })
  })
  await Promise.all(bodies.map((body) => body()))
})

test('code beside bubbles runs in real time, and counts its own goroutines', async () => {
  const before = numGoroutine()
  const gate = chan()
  const outsider = go(() => gate.receive())
  const running = [1, 2, 3].map((n) =>
    bubble(async () => {
      for (let i = 0; i < 100; i++) {
        await sleep(n * 1000)
        await gosched()
      }
    })(),
  )
  const start = Date.now()
  expect(start).toBeGreaterThan(Date.UTC(2020))
  await sleep(30)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const passed = Date.now() - start
  expect(passed).toBeGreaterThan(50)
  expect(passed).toBeLessThan(10_000)
  expect(numGoroutine()).toBe(before + 1)
  expect(goroutines().filter(({ id }) => id === outsider.id)).toHaveLength(1)
  await Promise.all(running)
  gate.close()
  await outsider.join()
  expect(numGoroutine()).toBe(before)
})

test(
  'debug functions show the goroutines of the calling bubble',
  bubble(async (t) => {
    go(async function worker() {
      await chan<number>(1)
        .receive(t.ctx)
        .catch(() => {})
    })
    go(function* sleeper() {
      yield* sleep(10)
    })
    await t.wait()
    await sleep(5)
    expect(goroutines().map(({ id, name, state, since, parentId }) => [id, name, state, since, parentId])).toEqual([
      [1, 'main', 'running', undefined, 0],
      [2, 'worker', 'chan receive', 0, 1],
      [3, 'sleeper', 'sleep', 0, 1],
    ])
    expect(dump()).toMatch(/goroutine 1 \[running\]:[\s\S]*goroutine 2 \[chan receive\]:[\s\S]*goroutine 3 \[sleep\]:/)
    expect(dump()).toContain('bubble-isolation.test.ts')
    await sleep(10)
  }),
)

test('hooks hear of goroutines in bubbles', async () => {
  const events: string[] = []
  using _ = on({
    go: ({ name }) => events.push(`go ${name}`),
    park: (g, reason) => events.push(`park ${g?.name} ${reason}`),
    ready: (g) => events.push(`ready ${g?.name}`),
    end: ({ name }) => events.push(`end ${name}`),
  })
  await bubble(async function body() {
    await go(function* child() {
      yield* sleep(5)
    }).join()
  })()
  expect(events.filter((event) => event.includes('child'))).toEqual([
    'go child',
    'park child sleep',
    'ready child',
    'end child',
  ])
  expect(events.at(0)).toBe('go body')
  expect(events.at(-1)).toBe('end body')
})

describe('what is left of a bubble that has ended', () => {
  /** A bubble that ends in a deadlock, with goroutines of both styles at `ch`, at a promise and in a sleep. */
  async function leftovers(ch = chan<number>(), promise: Promise<unknown> = new Promise(() => {})) {
    const ran: string[] = []
    const ctx = withCancel((await import('warren')).background())
    const mu = new Mutex()
    const error = await reasonOf(
      bubble(async () => {
        go(function* () {
          yield* ch.receive()
          ran.push('generator')
        })
        go(async () => {
          await ch.receive()
          ran.push('async')
        })
        go(async () => {
          await sleep(1000, ctx).catch(() => {})
          ran.push('sleeper')
        })
        go(async () => {
          await promise
          ran.push('foreign')
          await sleep(1)
          ran.push('foreign slept')
        })
        go(async () => {
          await after(1000)
            .receive(ctx)
            .catch(() => {})
          ran.push('timer')
        })
        go(() => mu.lock())
        setTimeout(() => ran.push('timeout'), 500)
        const interval = setInterval(() => ran.push('interval'), 500)
        interval.unref()
        await gosched()
        throw new Error('the end')
      })(),
    )
    expect(error).toMatchObject({ message: 'the end' })
    return { ran, ctx, ch, mu }
  }

  test('never runs again when it is woken from outside, and does no harm', async () => {
    const before = [numGoroutine(), dump()]
    const { ran, ctx, ch, mu } = await leftovers()
    expect(ch.trySend(1)).toBe(true)
    ctx.cancel()
    expect(ch.trySend(2)).toBe(true)
    if (!mu.tryLock()) mu.unlock()
    for (let i = 0; i < 5; i++) await turn()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(ran).toEqual([])
    expect([numGoroutine(), dump()]).toEqual(before)
  })

  test('goes on after a foreign promise only as far as the next wait', async () => {
    let resolve = (_: unknown): void => {}
    const promise = new Promise((it) => {
      resolve = it
    })
    const { ran } = await leftovers(undefined, promise)
    resolve(1)
    await new Promise((it) => setTimeout(it, 30))
    expect(ran).toEqual(['foreign'])
  })

  test('may be stopped by whoever holds it', async () => {
    const timers: { stop(): void }[] = []
    let timeout!: NodeJS.Timeout
    await bubble(() => {
      timeout = setTimeout(() => expect.unreachable(), 5)
      setInterval(() => expect.unreachable(), 5)
      timers.push({ stop: () => clearTimeout(timeout) }, { stop: () => timeout.close() })
    })()
    for (const timer of timers) timer.stop()
    timeout.refresh()
    clearInterval(timeout)
    await new Promise((resolve) => realTimeout(resolve, 20))
  })
})

describe('memory', () => {
  const busy = bubble(async (t) => {
    go(() => sleep(1_000_000, t.ctx).catch(() => {}))
    setInterval(() => {}, Number(setTimeout(() => {}, 1_000_000)))
    await new Promise<void>((resolve) => process.nextTick(resolve))
  })

  test('ten thousand bubbles in a row leave nothing behind', async () => {
    for (let i = 0; i < 1000; i++) await busy()
    const before = heapAfterGc()
    for (let i = 0; i < 10_000; i++) await busy()
    expect(heapAfterGc() - before).toBeLessThan(1_000_000)
  }, 60_000)

  test.each([
    ['succeeds', async () => {}],
    ['fails', async () => Promise.reject(new Error('boo'))],
    ['deadlocks', async () => void (await chan().receive())],
  ])('what a bubble that %s has made is garbage', async (_, end) => {
    const refs: WeakRef<object>[] = []
    const body = bubble(async (t) => {
      const ch = chan<object>(5)
      const held = { ch }
      const timer = setTimeout(() => held, 1e6)
      refs.push(new WeakRef(t), new WeakRef(ch), new WeakRef(held), new WeakRef(timer))
      void +timer
      const g = go(async () => {
        await sleep(1e6, t.ctx).catch(() => {})
        void held
      })
      refs.push(new WeakRef(g))
      await sleep(1)
      await end()
    })
    await body().catch(() => {})
    for (let i = 0; i < 20 && refs.some((ref) => ref.deref() !== undefined); i++) {
      await turn()
      collectGarbage()
    }
    expect(refs.map((ref) => ref.deref())).toEqual(refs.map(() => undefined))
  })
})

test('a hundred thousand sleeping goroutines are as fast as one would think', async () => {
  const spent = async (count: number) => {
    const start = performance.now()
    let woken = 0
    await bubble(async (t) => {
      for (let i = 0; i < count; i++) {
        go(function* () {
          yield* sleep(count - i)
          woken++
        })
      }
      await sleep(count + 1)
      await t.wait()
    })()
    expect(woken).toBe(count)
    return performance.now() - start
  }
  await spent(1000)
  const [small, large] = [await spent(10_000), await spent(100_000)]
  expect(large / small).toBeLessThan(40)
}, 60_000)
