import { describe, expect, test } from 'vitest'
import { background, type Context, go, gosched, KilledError, never, Semaphore, withCancel } from 'warren'
import { attempt, type Body, idle, inBothStyles, inEveryPair, type Outcome, on, type Style } from '../support/styles.ts'

function acquire(style: Style, sem: Semaphore, n: number, ctx?: Context): Outcome<unknown> {
  return attempt(style, function* () {
    return yield* on(sem.acquire(n, ctx))
  })
}

const states = (outcomes: readonly Outcome<unknown>[]): string => outcomes.map(({ state }) => state[0]).join('')

describe('order', () => {
  inBothStyles('is that of the requests, whatever their size', function* (style) {
    const sem = new Semaphore(10)
    sem.tryAcquire(10)
    const all = [5, 1, 8, 1, 2].map((n) => acquire(style, sem, n))
    yield* on(idle())
    sem.release(5)
    yield* on(idle())
    expect(states(all)).toBe('dpppp')
    sem.release(5)
    yield* on(idle())
    expect(states(all), 'the 8 stands in front of what would fit').toBe('ddppp')
    expect(sem.tryAcquire(1)).toBe(false)
    sem.release(5)
    yield* on(idle())
    expect(states(all)).toBe('ddddp')
    sem.release(1)
    yield* on(idle())
    expect(states(all)).toBe('ddddp')
    sem.release(1)
    yield* on(idle())
    expect(states(all)).toBe('ddddd')
    sem.release(10)
  })

  inEveryPair('holds across the styles', function* (one, other) {
    const sem = new Semaphore(1)
    const order: number[] = []
    sem.tryAcquire()
    const all = Array.from({ length: 8 }, (_, i) =>
      (i % 2 === 0 ? one : other).go(function* (): Body {
        using _ = yield* on(sem.acquire())
        order.push(i)
        yield* on(gosched())
      }),
    )
    yield* on(idle())
    sem.release()
    for (const goroutine of all) yield* on(goroutine.join())
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })
})

describe('a request that is given up', () => {
  inBothStyles('lets those behind it go that fit', function* (style) {
    const sem = new Semaphore(4)
    const ctx = withCancel(background())
    sem.tryAcquire(2)
    const big = acquire(style, sem, 4, ctx)
    yield* on(idle())
    const small = [1, 1, 1].map((n) => acquire(style, sem, n))
    yield* on(idle())
    expect(states(small)).toBe('ppp')
    ctx.cancel()
    yield* on(idle())
    expect([big.state, states(small)]).toEqual(['failed', 'ddp'])
    sem.release(4)
    yield* on(idle())
    expect(states(small)).toBe('ddd')
    sem.release(1)
    expect(sem.tryAcquire(4)).toBe(true)
  })

  inBothStyles('gives nothing to those whose context ends with its own', function* (style) {
    const sem = new Semaphore(2)
    const ctx = withCancel(background())
    sem.tryAcquire(1)
    const all = [acquire(style, sem, 2, ctx), acquire(style, sem, 1, ctx), acquire(style, sem, 1)]
    yield* on(idle())
    expect(states(all)).toBe('ppp')
    ctx.cancel()
    yield* on(idle())
    expect(states(all)).toBe('ffd')
  })

  test('by a kill lets those behind it go', async () => {
    const sem = new Semaphore(2)
    sem.tryAcquire(1)
    const big = go(function* () {
      using _ = yield* sem.acquire(2)
    })
    await idle()
    const small = go(function* () {
      using _ = yield* sem.acquire(1)
    })
    await idle()
    big.kill()
    await small.join()
    await expect(big.join()).rejects.toBeInstanceOf(KilledError)
    sem.release(1)
    expect(sem.tryAcquire(2)).toBe(true)
  })

  inBothStyles('in the middle of the queue lets nobody overtake', function* (style) {
    const sem = new Semaphore(3)
    const ctx = withCancel(background())
    sem.tryAcquire(3)
    const all = [acquire(style, sem, 3), acquire(style, sem, 1, ctx), acquire(style, sem, 1)]
    yield* on(idle())
    ctx.cancel()
    sem.release(2)
    yield* on(idle())
    expect(states(all)).toBe('pfp')
    sem.release(1)
    yield* on(idle())
    expect(states(all)).toBe('dfp')
  })
})

describe('a request for more than there is', () => {
  inBothStyles('waits for its context, and blocks nobody', function* (style) {
    const sem = new Semaphore(2)
    const ctx = withCancel(background())
    const tooBig = acquire(style, sem, 3, ctx)
    const fits = acquire(style, sem, 2)
    yield* on(idle())
    expect(states([tooBig, fits])).toBe('pd')
    sem.release(2)
    yield* on(idle())
    expect(tooBig.state).toBe('pending')
    expect(sem.tryAcquire(3)).toBe(false)
    ctx.cancel()
    yield* on(idle())
    expect(tooBig.state).toBe('failed')
  })
})

describe('release', () => {
  // async-sema lets one release more than was acquired, and then more in than the limit.
  inBothStyles('of more than is held panics, and releases nothing', function* (style) {
    const sem = new Semaphore(2)
    expect(() => sem.release()).toThrow('semaphore: released more than held')
    yield* on(sem.acquire(2))
    const third = acquire(style, sem, 1)
    yield* on(idle())
    expect(() => sem.release(3)).toThrow(expect.objectContaining({ code: 'ERR_SEMAPHORE_RELEASE' }))
    yield* on(idle())
    expect(third.state).toBe('pending')
    sem.release(2)
    yield* on(idle())
    expect(third.state).toBe('done')
    expect(sem.tryAcquire(2), 'the limit still is 2').toBe(false)
    expect(sem.tryAcquire(1)).toBe(true)
  })

  inBothStyles('of ten thousand small requests at once does not overflow the stack', function* () {
    const sem = new Semaphore(10_000)
    sem.tryAcquire(10_000)
    let asked = 0
    let got = 0
    const all = Array.from({ length: 10_000 }, () =>
      go(function* () {
        asked++
        yield* sem.acquire()
        got++
      }),
    )
    while (asked < all.length) yield* on(gosched())
    sem.release(10_000)
    for (const goroutine of all) yield* on(goroutine.join())
    expect(got).toBe(10_000)
  })
})

describe('a guard', () => {
  inBothStyles('releases what was acquired with it, once', function* () {
    const sem = new Semaphore(5)
    {
      using _ = yield* on(sem.acquire(3))
      expect(sem.tryAcquire(3)).toBe(false)
    }
    const guard = yield* on(sem.acquire(2))
    yield* on(sem.acquire(3))
    guard[Symbol.dispose]()
    guard[Symbol.dispose]()
    expect(sem.tryAcquire(2)).toBe(true)
    expect(sem.tryAcquire(1)).toBe(false)
  })

  inBothStyles('does nothing when all has been released', function* () {
    const sem = new Semaphore(2)
    const guard = yield* on(sem.acquire(2))
    sem.release(2)
    guard[Symbol.dispose]()
    const old = yield* on(sem.acquire(1))
    sem.release(1)
    yield* on(sem.acquire(2))
    old[Symbol.dispose]()
    expect(sem.tryAcquire(1)).toBe(false)
  })

  test('releases when its goroutine is killed', async () => {
    const sem = new Semaphore(1)
    const goroutine = go(function* () {
      using _ = yield* sem.acquire()
      yield* never.receive()
    })
    await idle()
    goroutine.kill()
    await expect(goroutine.join()).rejects.toBeInstanceOf(KilledError)
    expect(sem.tryAcquire()).toBe(true)
  })
})

describe('arguments', () => {
  test('are integers of at least 0', async () => {
    for (const n of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' })
      expect(() => new Semaphore(n)).toThrow(error)
      const sem = new Semaphore(1)
      await expect(sem.acquire(n)).rejects.toEqual(error)
      expect(() => sem.tryAcquire(n)).toThrow(error)
      expect(() => sem.release(n)).toThrow(error)
    }
    const wrong = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(() => new Semaphore('1' as never)).toThrow(wrong)
    await expect(new Semaphore(1).acquire('1' as never)).rejects.toEqual(wrong)
    await expect(new Semaphore(1).acquire(1, {} as never)).rejects.toEqual(wrong)
  })

  inBothStyles('may be a context alone', function* (style) {
    const sem = new Semaphore(1)
    const ctx = withCancel(background())
    yield* on(sem.acquire(ctx))
    const second = attempt(style, function* () {
      yield* on(sem.acquire(ctx))
    })
    yield* on(idle())
    ctx.cancel()
    yield* on(idle())
    expect(second.state).toBe('failed')
    yield* on(sem.acquire(0))
  })
})
