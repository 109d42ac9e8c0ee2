import { describe, expect, test } from 'vitest'
import { background, go, gosched, KilledError, Mutex, never, wait, withCancel } from 'warren'
import { attempt, type Body, idle, inBothStyles, inEveryPair, on } from '../support/styles.ts'

describe('hand-over', () => {
  inEveryPair('goes to those who wait in the order in which they asked', function* (one, other) {
    const mu = new Mutex()
    const order: number[] = []
    yield* on(mu.lock())
    const all = Array.from({ length: 10 }, (_, i) =>
      (i % 2 === 0 ? one : other).go(function* (): Body {
        yield* on(mu.lock())
        order.push(i)
        yield* on(gosched())
        order.push(i)
        mu.unlock()
      }),
    )
    yield* on(idle())
    expect(order).toEqual([])
    mu.unlock()
    for (const goroutine of all) yield* on(goroutine.join())
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)))
  })

  inBothStyles('leaves no gap in which somebody else could take the lock', function* (style) {
    const mu = new Mutex()
    yield* on(mu.lock())
    const waiting = attempt(style, function* () {
      yield* on(mu.lock())
    })
    yield* on(idle())
    mu.unlock()
    expect(mu.tryLock()).toBe(false)
    const late = attempt(style, function* () {
      yield* on(mu.lock())
    })
    yield* on(idle())
    expect([waiting.state, late.state]).toEqual(['done', 'pending'])
    mu.unlock()
    yield* on(idle())
    expect(late.state).toBe('done')
  })

  test('may come from a goroutine that did not lock', async () => {
    const mu = new Mutex()
    await go(async () => void (await mu.lock())).join()
    const waiting = mu.lock()
    await go(() => mu.unlock()).join()
    await waiting
    mu.unlock()
    expect(mu.tryLock()).toBe(true)
  })

  inBothStyles('never comes to a goroutine that locks again what it holds', function* (style) {
    const mu = new Mutex()
    const nested = attempt(style, function* () {
      yield* on(mu.lock())
      yield* on(mu.lock())
    })
    yield* on(idle())
    expect(nested.state).toBe('pending')
    mu.unlock()
    yield* on(idle())
    expect(nested.state).toBe('done')
  })

  inBothStyles('is in the order of the calls, not of the waits', function* () {
    const mu = new Mutex()
    mu.tryLock()
    const first = mu.lock()
    const second = mu.lock()
    let isSecondThrough = false
    void second.then(() => {
      isSecondThrough = true
    })
    mu.unlock()
    yield* on(idle())
    expect(isSecondThrough).toBe(false)
    yield* on(first)
    mu.unlock()
    yield* on(idle())
    expect(isSecondThrough).toBe(true)
  })
})

describe('a guard', () => {
  inBothStyles('unlocks at the end of its block, also when that is left by an exception', function* () {
    const mu = new Mutex()
    {
      using _ = yield* on(mu.lock())
      expect(mu.tryLock()).toBe(false)
    }
    expect(mu.tryLock()).toBe(true)
    mu.unlock()
    try {
      using _ = yield* on(mu.lock())
      throw new Error('left')
    } catch (error) {
      expect(error).toEqual(new Error('left'))
    }
    expect(mu.tryLock()).toBe(true)
  })

  test('works with the plain forms of both styles', async () => {
    const mu = new Mutex()
    await go(function* () {
      using _ = yield* mu.lock()
      expect(mu.tryLock()).toBe(false)
    }).join()
    await go(async () => {
      using _ = await mu.lock()
      expect(mu.tryLock()).toBe(false)
    }).join()
    expect(mu.tryLock()).toBe(true)
  })

  inBothStyles('does nothing the second time, nor after unlock', function* () {
    const mu = new Mutex()
    const guard = yield* on(mu.lock())
    guard[Symbol.dispose]()
    guard[Symbol.dispose]()
    const second = yield* on(mu.lock())
    mu.unlock()
    second[Symbol.dispose]()
    expect(mu.tryLock()).toBe(true)
  })

  inBothStyles('never releases what somebody else holds', function* (style) {
    const mu = new Mutex()
    const old = yield* on(mu.lock())
    const next = attempt(style, function* () {
      return yield* on(mu.lock())
    })
    yield* on(idle())
    mu.unlock()
    yield* on(idle())
    expect(next.state).toBe('done')
    old[Symbol.dispose]()
    expect(mu.tryLock()).toBe(false)
    next.value?.[Symbol.dispose]()
    expect(mu.tryLock()).toBe(true)
    old[Symbol.dispose]()
    expect(mu.tryLock(), 'a hold of tryLock is nobody else’s either').toBe(false)
  })

  inBothStyles('of a hand-over works like any other', function* (style) {
    const mu = new Mutex()
    mu.tryLock()
    const all = Array.from({ length: 3 }, () =>
      attempt(style, function* () {
        using _ = yield* on(mu.lock())
        yield* on(gosched())
      }),
    )
    yield* on(idle())
    mu.unlock()
    yield* on(idle())
    expect(all.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    expect(mu.tryLock()).toBe(true)
  })
})

describe('a goroutine that is killed', () => {
  test('while it holds the lock releases it by its guard or finally', async () => {
    const mu = new Mutex()
    const byGuard = go(function* () {
      using _ = yield* mu.lock()
      yield* never.receive()
    })
    await idle()
    byGuard.kill()
    await expect(byGuard.join()).rejects.toBeInstanceOf(KilledError)
    expect(mu.tryLock()).toBe(true)
    mu.unlock()
    const byFinally = go(function* () {
      yield* mu.lock()
      try {
        yield* never.receive()
      } finally {
        mu.unlock()
      }
    })
    await idle()
    byFinally.kill()
    await expect(byFinally.join()).rejects.toBeInstanceOf(KilledError)
    expect(mu.tryLock()).toBe(true)
  })

  test('after the lock was handed to it still gets it, and its guard releases it', async () => {
    const mu = new Mutex()
    mu.tryLock()
    const steps: string[] = []
    const killed = go(function* () {
      using _ = yield* mu.lock()
      steps.push('locked')
      yield* gosched()
      steps.push('never')
    })
    await idle()
    mu.unlock()
    killed.kill()
    await expect(killed.join()).rejects.toBeInstanceOf(KilledError)
    expect(steps).toEqual(['locked'])
    expect(mu.tryLock()).toBe(true)
  })

  test('in the middle of the queue leaves the order of the others', async () => {
    const mu = new Mutex()
    mu.tryLock()
    const order: number[] = []
    const all = Array.from({ length: 9 }, (_, i) =>
      go(function* () {
        using _ = yield* mu.lock()
        order.push(i)
      }),
    )
    await idle()
    for (const goroutine of all) void goroutine.join().catch(() => {})
    for (const i of [0, 4, 5, 8]) all[i]!.kill()
    mu.unlock()
    await idle()
    expect(order).toEqual([1, 2, 3, 6, 7])
  })
})

describe('cancelling', () => {
  inBothStyles('many waits with one context ends them all, and only them', function* (style) {
    const mu = new Mutex()
    const ctx = withCancel(background())
    mu.tryLock()
    const all = Array.from({ length: 20 }, (_, i) =>
      attempt(style, function* () {
        using _ = yield* on(i % 3 === 0 ? mu.lock() : mu.lock(ctx))
      }),
    )
    yield* on(idle())
    ctx.cancel()
    yield* on(idle())
    expect(all.map(({ state }) => state)).toEqual(all.map((_, i) => (i % 3 === 0 ? 'pending' : 'failed')))
    mu.unlock()
    yield* on(idle())
    expect(all.map(({ state }) => state)).toEqual(all.map((_, i) => (i % 3 === 0 ? 'done' : 'failed')))
    expect(mu.tryLock()).toBe(true)
  })

  // p-limit's clearQueue leaves the promises of those who wait pending for ever.
  test('lets every wait settle, with nobody left to unlock', async () => {
    const mu = new Mutex()
    const ctx = withCancel(background())
    mu.tryLock()
    const all = Array.from({ length: 100 }, () => mu.lock(ctx))
    ctx.cancel()
    const results = await Promise.allSettled(all)
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
  })

  inBothStyles('comes too late when the lock was handed over before it', function* (style) {
    const mu = new Mutex()
    const ctx = withCancel(background())
    mu.tryLock()
    const waiting = attempt(style, function* () {
      return yield* on(mu.lock(ctx))
    })
    yield* on(idle())
    mu.unlock()
    ctx.cancel()
    yield* on(idle())
    expect(waiting.state).toBe('done')
    expect(mu.tryLock()).toBe(false)
  })
})

test('a helper in the synchronous part of a generator goroutine may await what it cannot have at once', async () => {
  const mu = new Mutex()
  const steps: string[] = []
  async function helper(): Promise<void> {
    using _ = await mu.lock()
    steps.push('helper')
  }
  await go(function* () {
    const guard = yield* mu.lock()
    const done = helper()
    yield* gosched()
    steps.push('goroutine')
    guard[Symbol.dispose]()
    yield* wait(done)
  }).join()
  expect(steps).toEqual(['goroutine', 'helper'])
})
