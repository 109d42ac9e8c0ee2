// The rest of Go's own tests of bubbles, in our words (see bubble-synctest.test.ts): channels, locks, contexts, and how
// goroutines end.
import { describe, expect, test } from 'vitest'
import {
  after,
  background,
  Cond,
  chan,
  DeadlineExceededError,
  go,
  goexit,
  gosched,
  Mutex,
  run,
  select,
  sleep,
  Ticker,
  trySelect,
  WaitGroup,
  withCancel,
  withTimeout,
} from 'warren'
import { afterFunc as afterContext } from 'warren/context'
import { bubble } from 'warren/testing'
import { reasonOf } from './failures.ts'

// TestCond
test(
  'a cond wakes its waiters when time has come',
  bubble(async (t) => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    go(async () => {
      await sleep(1)
      cond.signal()
      await sleep(1)
      cond.broadcast()
    })
    const waitOnce = async () => {
      using _ = await mu.lock()
      await cond.wait()
    }
    await waitOnce()
    expect(t.now()).toBe(1)
    let isDone = false
    go(async () => {
      await waitOnce()
      isDone = true
    })
    await waitOnce()
    await t.wait()
    expect([isDone, t.now()]).toEqual([true, 2])
  }),
)

// TestIteratorPush, TestIteratorPull
test(
  'an async generator sleeps in the time of the bubble',
  bubble(async (t) => {
    async function* clock() {
      for (;;) {
        yield t.now()
        await sleep(1000)
      }
    }
    const seen: number[] = []
    for await (const now of clock()) if (seen.push(now) === 3) break
    expect(seen).toEqual([0, 1000, 2000])
  }),
)

// TestWaitGroupInBubble
test(
  'a wait group takes as long as its longest goroutine',
  bubble(async (t) => {
    const wg = new WaitGroup()
    for (const ms of [1000, 500]) wg.go(() => sleep(ms))
    await wg.wait()
    expect(t.now()).toBe(1000)
  }),
)

// TestWaitGroupMovedBetweenBubblesWithZeroCount, TestWaitGroupMovedBetweenBubblesAfterWait
test('a wait group, a channel and a mutex may be used in one bubble after another', async () => {
  const [wg, ch, mu] = [new WaitGroup(), chan<number>(1), new Mutex()]
  for (let i = 0; i < 2; i++) {
    await bubble(async () => {
      using _ = await mu.lock()
      wg.go(() => ch.send(i))
      await wg.wait()
      expect(await ch.receive()).toBe(i)
    })()
  }
})

describe('a channel from outside', () => {
  // TestChannelFromOutsideBubble, where Go waits for others outside: here a wait on it is as durable as on any other
  test('carries values between a bubble and the program while the bubble has something else to do', async () => {
    const [requests, answers] = [chan<number>(), chan<number>()]
    const server = go(async () => {
      for await (const n of requests) await answers.send(2 * n)
    })
    await bubble(async () => {
      const sum = go(async () => {
        let total = 0
        for (let i = 0; i < 10; i++) {
          await requests.send(i)
          total += (await answers.receive())!
        }
        return total
      })
      await new Promise((resolve) => realImmediate(resolve))
      expect(await sum.join()).toBe(90)
    })()
    requests.close()
    await server.join()
  })

  const realImmediate = setImmediate

  test('that nobody else in the bubble can use is a deadlock', async () => {
    await expect(bubble(async () => void (await chan().receive()))()).rejects.toMatchObject({ code: 'ERR_DEADLOCK' })
  })

  // TestChannelMovedOutOfBubble, where Go panics
  test('made in a bubble may be used outside', async () => {
    const out = chan<ReturnType<typeof chan<number>>>(1)
    await bubble(() => out.send(chan<number>(1)))()
    const ch = (await out.receive())!
    await ch.send(1)
    expect(await ch.receive()).toBe(1)
  })
})

// TestContext, TestCleanup
test("the bubble's context ends with the body, and what ends with it is waited for", async () => {
  let state = 'not started'
  await bubble(async (t) => {
    go(async () => {
      state = 'waiting'
      await t.ctx.done.receive()
      state = 'done'
    })
    await t.wait()
    expect(state).toBe('waiting')
  })()
  expect(state).toBe('done')
})

// TestContextAfterFunc (example)
test(
  'a function is called after its context has ended, and not before',
  bubble(async (t) => {
    const ctx = withCancel(t.ctx)
    let isCalled = false
    afterContext(ctx, () => {
      isCalled = true
    })
    await t.wait()
    expect(isCalled).toBe(false)
    ctx.cancel()
    await t.wait()
    expect(isCalled).toBe(true)
  }),
)

// TestContextWithTimeout (example)
test(
  'a context ends at its deadline, to the millisecond',
  bubble(async (t) => {
    using ctx = withTimeout(t.ctx, 5000)
    expect(ctx.deadline).toEqual(new Date(Date.UTC(2000, 0, 1, 0, 0, 5)))
    await sleep(4999)
    await t.wait()
    expect(ctx.err).toBeUndefined()
    await sleep(1)
    await t.wait()
    expect(ctx.err).toBeInstanceOf(DeadlineExceededError)
  }),
)

test(
  'a select takes whatever comes first, or nothing',
  bubble(async (t) => {
    const ch = chan<string>()
    using ctx = withTimeout(background(), 20)
    expect(trySelect({ ch, timeout: after(5) })).toBeUndefined()
    expect((await select({ ch, timeout: after(5), done: ctx.done })).case).toBe('timeout')
    go(async () => {
      await sleep(5)
      await ch.send('value')
    })
    expect(await select({ ch, timeout: after(10), done: ctx.done })).toMatchObject({ case: 'ch', value: 'value' })
    expect((await select({ ch, timeout: after(100), done: ctx.done })).case).toBe('done')
    expect(t.now()).toBe(20)
  }),
)

test(
  'a ticker keeps its phase, and drops what nobody receives',
  bubble(function* (t) {
    using ticker = new Ticker(10)
    const seen: number[] = []
    for (const work of [0, 25, 0, 0]) {
      yield* ticker.c.receive()
      seen.push(t.now())
      yield* sleep(work)
    }
    expect(seen).toEqual([10, 20, 45, 50])
  }),
)

describe('the end', () => {
  // runtime/synctest.go: "synctest.Run called from within a bubble"
  test(
    'of a bubble inside a bubble does not come: it is refused',
    bubble(async () => {
      const inner = bubble(() => expect.unreachable())
      await expect(inner()).rejects.toMatchObject({ code: 'ERR_INVALID_OPERATION' })
      await go(async () => expect(inner()).rejects.toThrow('bubble called from within a bubble')).join()
    }),
  )

  test('comes for a bubble that a goroutine runs', async () => {
    const g = go(async () => {
      await bubble(async (t) => {
        await sleep(1000)
        expect(t.now()).toBe(1000)
      })()
      return 'done'
    })
    expect(await g.join()).toBe('done')
  })

  test('by goexit of the main goroutine waits for the others', async () => {
    let isDone = false
    await bubble(() => {
      const ch = chan<number>(1)
      go(async () => {
        await ch.send(1)
        isDone = true
      })
      goexit()
    })()
    expect(isDone).toBe(true)
  })

  test.each([
    ['the body', async () => Promise.reject(new TypeError('boo'))],
    [
      'a generator body',
      function* () {
        yield* sleep(1)
        throw new TypeError('boo')
      },
    ],
    [
      'a goroutine that nobody joins',
      async () => {
        go(async () => {
          await sleep(1)
          throw new TypeError('boo')
        })
        await chan().receive()
      },
    ],
    [
      'a goroutine that outlives the body',
      () => {
        go(() => {
          throw new TypeError('boo')
        })
      },
    ],
    [
      'the callback of a timer',
      async () => {
        setTimeout(() => {
          throw new TypeError('boo')
        }, 5)
        await chan().receive()
      },
    ],
  ])('by an error of %s is a rejection with it', async (_, body) => {
    const error = await reasonOf(bubble(body as () => Promise<void>)())
    expect(error).toBeInstanceOf(TypeError)
  })

  test(
    'does not come by an error that somebody joins for',
    bubble(async () => {
      const g = go(() => {
        throw new Error('boo')
      })
      await gosched()
      await expect(g.join()).rejects.toThrow('boo')
    }),
  )
})

test(
  'run works inside, with a main goroutine and a context of its own',
  bubble(async (t) => {
    const ended: string[] = []
    const result = await run(
      async (ctx) => {
        go(function* () {
          try {
            yield* chan().receive()
          } finally {
            ended.push('killed')
          }
        })
        go(async () => {
          await ctx.done.receive()
          ended.push('cancelled')
        })
        await sleep(1000)
        return 'result'
      },
      { signals: false },
    )
    await t.wait()
    expect(result).toBe('result')
    expect(ended.sort()).toEqual(['cancelled', 'killed'])
    expect(t.now()).toBe(1000)
  }),
)
