import { describe, expect, test } from 'vitest'
import { Cond, go, Mutex, RWMutex, Semaphore } from 'warren'
import { on as subscribe } from 'warren/debug'
import { idle } from '../support/styles.ts'

/** Runs `body` and returns what was reported of `primitive`: the operation, and the name of the goroutine. */
async function operationsOf(primitive: object, body: () => Promise<void>): Promise<string[]> {
  const seen: string[] = []
  using _ = subscribe({
    operation(kind, on, by) {
      if (on === primitive) seen.push(`${kind} ${by?.name}`)
    },
  })
  await body()
  return seen
}

describe('the hooks hear', () => {
  test('of each lock and unlock of a Mutex, also of a hand-over', async () => {
    const mu = new Mutex()
    const seen = await operationsOf(mu, async () => {
      go(function* first() {
        yield* mu.lock()
        yield* idle()
        mu.unlock()
      })
      const second = go(function* second() {
        using _ = yield* mu.lock()
      })
      await second.join()
      go(function* third() {
        mu.tryLock()
        mu.unlock()
      })
      await idle()
    })
    expect(seen).toEqual(['lock first', 'unlock first', 'lock second', 'unlock second', 'lock third', 'unlock third'])
  })

  test('of each lock and unlock of a RWMutex', async () => {
    const rw = new RWMutex()
    const seen = await operationsOf(rw, async () => {
      go(function* writer() {
        using _ = yield* rw.lock()
        yield* idle()
      })
      const reader = go(function* reader() {
        using _ = yield* rw.rLock()
      })
      await reader.join()
    })
    expect(seen).toEqual(['lock writer', 'unlock writer', 'lock reader', 'unlock reader'])
  })

  test('of a Cond giving up its lock and taking it back', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const seen = await operationsOf(mu, async () => {
      const sleeper = go(function* sleeper() {
        using _ = yield* mu.lock()
        yield* cond.wait()
      })
      await idle()
      go(function* waker() {
        cond.signal()
      })
      await sleeper.join()
    })
    expect(seen).toEqual(['lock sleeper', 'unlock sleeper', 'lock sleeper', 'unlock sleeper'])
  })

  test('of a Semaphore', async () => {
    const sem = new Semaphore(1)
    const seen = await operationsOf(sem, async () => {
      const goroutine = go(function* user() {
        using _ = yield* sem.acquire()
      })
      await goroutine.join()
    })
    expect(seen).toEqual(['lock user', 'unlock user'])
  })
})
