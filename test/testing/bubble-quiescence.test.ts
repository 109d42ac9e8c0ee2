// When nothing in a bubble can go on: what is on its way in microtasks, ticks, messages and immediates comes first.
import { AsyncLocalStorage } from 'node:async_hooks'
import { BroadcastChannel, MessageChannel } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { chan, go, gosched, sleep, wait } from 'warren'
import { type Bubble, bubble } from 'warren/testing'

const realImmediate = setImmediate
const realTimeout = setTimeout

const delays: Record<string, (then: () => void) => unknown> = {
  'a long chain of promises': async (then) => {
    for (let i = 0; i < 10_000; i++) await null
    then()
  },
  'a chain of ticks': (then) => {
    let left = 1000
    const tick = () => void (--left > 0 ? process.nextTick(tick) : then())
    process.nextTick(tick)
  },
  'ticks and microtasks that take turns': async (then) => {
    for (let i = 0; i < 100; i++) {
      await null
      await new Promise<void>((resolve) => process.nextTick(resolve))
      await new Promise<void>((resolve) => queueMicrotask(resolve))
    }
    then()
  },
  'thenables within thenables': async (then) => {
    const nest = (depth: number): unknown => ({
      then: (resolve: (value: unknown) => void) => resolve(depth === 0 ? 0 : nest(depth - 1)),
    })
    await nest(100)
    then()
  },
  'a thenable that waits for a tick': async (then) => {
    await { then: (resolve: () => void) => void process.nextTick(() => process.nextTick(resolve)) }
    then()
  },
  'immediates of the bubble': async (then) => {
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
    then()
  },
  'immediates from before the bubble': async (then) => {
    for (let i = 0; i < 10; i++) await new Promise((resolve) => realImmediate(resolve))
    then()
  },
  'a timer from before the bubble': (then) => realTimeout(then, 10),
  'a message to a port': (then) => {
    const { port1, port2 } = new MessageChannel()
    port2.once('message', () => {
      port1.close()
      then()
    })
    port1.postMessage('hi')
  },
  'messages to and fro': (then) => {
    const { port1, port2 } = new MessageChannel()
    port2.on('message', (n: number) => port2.postMessage(n + 1))
    port1.on('message', (n: number) => {
      if (n < 20) return port1.postMessage(n)
      port1.close()
      then()
    })
    port1.postMessage(0)
  },
  'a message to a broadcast channel': (then) => {
    const [one, two] = [new BroadcastChannel('bubble'), new BroadcastChannel('bubble')]
    two.onmessage = () => {
      one.close()
      two.close()
      then()
    }
    one.postMessage('hi')
  },
  'a shared word that is notified': async (then) => {
    const word = new Int32Array(new SharedArrayBuffer(4))
    const { value } = (Atomics as unknown as { waitAsync: WaitAsync }).waitAsync(word, 0, 0)
    process.nextTick(() => Atomics.notify(word, 0))
    await value
    then()
  },
  'a stream that is read': async (then) => {
    await new Response(new Blob(['x'.repeat(100_000)]).stream()).text()
    then()
  },
  'a loop of other goroutines': async (then) => {
    for (let i = 0; i < 1000; i++) await gosched()
    then()
  },
}

type WaitAsync = (array: Int32Array, index: number, value: number) => { value: Promise<string> }

describe('comes before time moves, and before wait returns:', () => {
  test.each(Object.keys(delays))('%s', (name) =>
    bubble(async (t) => {
      for (const settle of [() => sleep(1), () => t.wait()]) {
        let isThere = false
        go(async () => {
          await null
          const done = chan<void>(1)
          delays[name]!(() => {
            isThere = true
            done.trySend()
          })
          await done.receive()
        })
        await settle()
        expect(isThere).toBe(true)
      }
    })(),
  )
})

test(
  'a turn is taken only when all that the one before led to in microtasks and ticks has happened',
  bubble(async () => {
    const order: string[] = []
    const steps = async (name: string) => {
      for (let i = 0; i < 3; i++) {
        await gosched()
        order.push(`${name}${i}`)
        await null
        await new Promise<void>((resolve) => process.nextTick(resolve))
        await new Promise<void>((resolve) => queueMicrotask(() => process.nextTick(resolve)))
        order.push(`${name}${i}'`)
      }
    }
    await Promise.all([go(steps, 'a').join(), go(steps, 'b').join()])
    expect(order.join(' ')).toBe("a0 a0' b0 b0' a1 a1' b1 b1' a2 a2' b2 b2'")
  }),
)

test(
  'an open port, broadcast channel or ticking interval of the bubble does not hold time up',
  bubble(async (t) => {
    const { port1, port2 } = new MessageChannel()
    port2.on('message', () => {})
    const broadcast = new BroadcastChannel('idle')
    broadcast.onmessage = () => {}
    const interval = setInterval(() => {}, 100)
    await sleep(60_000)
    expect(t.now()).toBe(60_000)
    port1.close()
    broadcast.close()
    clearInterval(interval)
  }),
)

test('the same program takes the same turns in every run', async () => {
  const run = async () => {
    const order: string[] = []
    await bubble(async (t) => {
      const ch = chan<number>(2)
      for (let i = 0; i < 5; i++) {
        go(async () => {
          for (let j = 0; j < 5; j++) {
            await sleep(Math.floor(Math.random() * 5))
            await ch.send(i)
            if (Math.random() < 0.3) await new Promise<void>((resolve) => setImmediate(resolve))
          }
        })
        go(function* () {
          for (let j = 0; j < 5; j++) order.push(`${i} ${(yield* ch.receive()) as number} ${t.now()}`)
        })
      }
      await sleep(1000)
    })()
    return order
  }
  const outcomes = await Promise.all([run(), run(), run()])
  expect(new Set(outcomes.map(String)).size).toBe(1)
})

test('a loop that never waits for time leaves timers outside their turn', async () => {
  let ticks = 0
  const interval = setInterval(() => ticks++, 1)
  await bubble(async () => {
    const stop = performance.now
    for (let i = 0; i < 100_000; i++) await gosched()
    expect(stop()).toBe(0)
  })()
  await bubble(function* () {
    for (let i = 0; i < 20_000; i++) yield* sleep(1)
  })()
  clearInterval(interval)
  expect(ticks).toBeGreaterThan(3)
})

test("a user's AsyncLocalStorage holds in everything that a bubble runs", async () => {
  const storage = new AsyncLocalStorage<string>()
  const seen: (string | undefined)[] = []
  const note = () => void seen.push(storage.getStore())
  const body = async (t: Bubble) => {
    note()
    await sleep(1)
    note()
    await storage.run('inner', async () => {
      setTimeout(note, 5)
      setImmediate(note)
      go(function* () {
        yield* sleep(5)
        note()
      })
      go(async () => {
        await wait(Promise.resolve())
        note()
      })
      await t.wait()
      note()
    })
    note()
    await sleep(10)
    note()
  }
  await storage.run('outer', bubble(body))
  expect(seen).toEqual(['outer', 'outer', 'inner', 'inner', 'inner', 'outer', 'inner', 'inner', 'outer'])
})
