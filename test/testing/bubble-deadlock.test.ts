// Deadlocks in bubbles; among them Go's own tests, in our words (see bubble-synctest.test.ts).
import { describe, expect, test } from 'vitest'
import {
  background,
  Cond,
  chan,
  go,
  Mutex,
  never,
  RWMutex,
  Semaphore,
  select,
  sending,
  sleep,
  tick,
  WaitGroup,
  withCancel,
} from 'warren'
import { bubble } from 'warren/testing'
import { reasonOf } from './failures.ts'

const allBlocked = 'deadlock: all goroutines in bubble are blocked'
const blockedRemain = 'deadlock: main bubble goroutine has exited but blocked goroutines remain'

describe('a deadlock', () => {
  const mutex = () => {
    const mu = new Mutex()
    mu.tryLock()
    return mu
  }
  const blocks: Record<string, () => PromiseLike<unknown>> = {
    'an empty select': () => select({}), // TestDeadlockRoot
    'a receive': () => chan().receive(),
    'a send': () => chan().send(1),
    'the nil channel': () => never.receive(),
    'a for await': async () => {
      for await (const _ of chan()) break
    },
    'a select': () => select({ a: chan(), b: sending(chan(), 1) }),
    'a mutex': () => mutex().lock(),
    'a read lock': () => {
      const mu = new RWMutex()
      mu.tryLock()
      return mu.rLock()
    },
    'a wait group': () => {
      const wg = new WaitGroup()
      wg.add(1)
      return wg.wait()
    },
    'a cond': async () => {
      const mu = new Mutex()
      await mu.lock()
      await new Cond(mu).wait()
    },
    'a semaphore': async () => {
      const semaphore = new Semaphore(1)
      await semaphore.acquire(1)
      await semaphore.acquire(1)
    },
    'a context': () => withCancel(background()).done.receive(),
    'a promise': () => new Promise(() => {}),
  }

  test.each(Object.keys(blocks))('of the main goroutine at %s is an error with a dump', async (name) => {
    const error = await reasonOf(bubble(async () => void (await blocks[name]!()))())
    expect(error).toMatchObject({ code: 'ERR_DEADLOCK' })
    expect((error as Error).message).toMatch(new RegExp(`^${allBlocked}\n\n(wait-for cycle:[\\s\\S]*)?goroutine 1 \\[`))
  })

  // TestDeadlockChild
  test.each(Object.keys(blocks))('of another goroutine at %s is one when the body has returned', async (name) => {
    const error = await reasonOf(
      bubble(async () => {
        go(async function stuck() {
          await blocks[name]!()
        })
      })(),
    )
    expect((error as Error).message).toMatch(
      new RegExp(`^${blockedRemain}\n\n(wait-for cycle:[\\s\\S]*)?goroutine 2 \\[`),
    )
    expect((error as Error).message).toContain('created by')
  })

  // TestDeadlockTicker
  test('is there also while a ticker ticks, since time stands still once the body has returned', async () => {
    const error = await reasonOf(
      bubble(() => {
        go(async () => {
          for await (const _ of tick(1000)) expect.unreachable()
        })
      })(),
    )
    expect((error as Error).message).toContain(blockedRemain)
  })

  test('is one beside timers that are unrefed, which no program goes on for', async () => {
    const error = await reasonOf(
      bubble(async () => {
        setInterval(() => {}, 1000).unref()
        await chan().receive()
      })(),
    )
    expect((error as Error).message).toContain(allBlocked)
    await bubble(async (t) => {
      let calls = 0
      setInterval(() => calls++, 1000).unref()
      await sleep(2500)
      expect([calls, t.now()]).toEqual([2, 2500])
    })()
  })

  test('is one, in the end, when a ticker goes on for ever beside the blocked body', async () => {
    const error = await reasonOf(
      bubble(async () => {
        go(async function poll() {
          for await (const _ of tick(100));
        })
        await chan().receive()
      })(),
    )
    expect((error as Error).message).toMatch(
      /^deadlock: main bubble goroutine is blocked while others go on for ever\n/,
    )
    expect((error as Error).message).toContain('goroutine 1 [chan receive]')
  })

  test('names those that wait for each other', async () => {
    const error = await reasonOf(
      bubble(async () => {
        const [a, b] = [new Mutex(), new Mutex()]
        using _ = await a.lock()
        go(async function other() {
          using _b = await b.lock()
          await sleep(1)
          await a.lock()
        })
        await sleep(1)
        await b.lock()
      })(),
    )
    expect((error as Error).message).toMatch(/goroutine 1 .*\n?.*sync.Mutex/)
  })
})
