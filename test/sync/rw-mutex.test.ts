import { describe, expect, test } from 'vitest'
import { background, go, gosched, KilledError, never, RWMutex, withCancel } from 'warren'
import { attempt, type Body, idle, inBothStyles, inEveryPair, on, type Style } from '../support/styles.ts'

/** Goroutines that ask for a lock and report when they have it; each gives it back when it is told to. */
class Queue {
  readonly rw = new RWMutex()
  readonly got: string[] = []
  readonly #style: Style

  constructor(style: Style) {
    this.#style = style
  }

  *ask(...names: readonly string[]): Body {
    for (const name of names) {
      attempt(this.#style, this.#one(name))
      yield* on(idle())
    }
  }

  #one(name: string): () => Body {
    const { rw, got } = this
    return function* () {
      yield* on(name.startsWith('w') ? rw.lock() : rw.rLock())
      got.push(name)
    }
  }

  /** Who has come in since it was last asked. */
  *cameIn(): Body<string> {
    yield* on(idle())
    return this.got.splice(0).join(' ')
  }
}

describe('order', () => {
  inBothStyles('a waiting writer keeps new readers out, and after a writer all waiting readers go', function* (style) {
    const queue = new Queue(style)
    const { rw } = queue
    yield* queue.ask('r1', 'w1', 'r2', 'w2', 'r3')
    expect(yield* queue.cameIn()).toBe('r1')
    expect(rw.tryRLock(), 'a writer waits').toBe(false)
    rw.rUnlock()
    expect(yield* queue.cameIn()).toBe('w1')
    rw.unlock()
    expect(yield* queue.cameIn()).toBe('r2 r3')
    yield* queue.ask('r4')
    expect(yield* queue.cameIn()).toBe('')
    rw.rUnlock()
    expect(yield* queue.cameIn()).toBe('')
    rw.rUnlock()
    expect(yield* queue.cameIn()).toBe('w2')
    rw.unlock()
    expect(yield* queue.cameIn()).toBe('r4')
  })

  inBothStyles('writers go in the order in which they asked', function* (style) {
    const queue = new Queue(style)
    yield* queue.ask('w1', 'w2', 'w3')
    const order: string[] = []
    for (let i = 0; i < 3; i++) {
      order.push(yield* queue.cameIn())
      queue.rw.unlock()
    }
    expect(order).toEqual(['w1', 'w2', 'w3'])
    expect(queue.rw.tryLock()).toBe(true)
  })

  inEveryPair('readers and writers of both styles share one lock', function* (one, other) {
    const rw = new RWMutex()
    let readers = 0
    let writers = 0
    const all = Array.from({ length: 12 }, (_, i) =>
      (i % 2 === 0 ? one : other).go(function* (): Body {
        for (let round = 0; round < 10; round++) {
          if (i % 4 === 0) {
            using _ = yield* on(rw.lock())
            writers++
            expect([readers, writers]).toEqual([0, 1])
            yield* on(gosched())
            writers--
          } else {
            using _ = yield* on(rw.rLock())
            readers++
            expect(writers).toBe(0)
            yield* on(gosched())
            readers--
          }
        }
      }),
    )
    for (const goroutine of all) yield* on(goroutine.join())
    expect(rw.tryLock()).toBe(true)
  })

  inBothStyles('a reader that reads again behind a waiting writer blocks for ever', function* (style) {
    const queue = new Queue(style)
    yield* queue.ask('r1', 'w1', 'r1 again')
    expect(yield* queue.cameIn()).toBe('r1')
  })
})

describe('a writer that stops waiting', () => {
  inBothStyles('lets the readers go that waited for it, when its context ends', function* (style) {
    const queue = new Queue(style)
    const { rw } = queue
    const ctx = withCancel(background())
    yield* queue.ask('r1')
    const writer = attempt(style, function* () {
      yield* on(rw.lock(ctx))
    })
    yield* queue.ask('r2', 'r3')
    expect(yield* queue.cameIn()).toBe('r1')
    ctx.cancel()
    expect(yield* queue.cameIn()).toBe('r2 r3')
    expect(writer.state).toBe('failed')
    for (let i = 0; i < 3; i++) rw.rUnlock()
    expect(rw.tryLock()).toBe(true)
  })

  test('lets the readers go that waited for it, when it is killed', async () => {
    const rw = new RWMutex()
    const guard = await rw.rLock()
    const writer = go(function* () {
      using _ = yield* rw.lock()
    })
    await idle()
    let isIn = false
    const reader = go(function* () {
      using _ = yield* rw.rLock()
      isIn = true
    })
    await idle()
    expect(isIn).toBe(false)
    writer.kill()
    await expect(writer.join()).rejects.toBeInstanceOf(KilledError)
    await reader.join()
    expect(isIn).toBe(true)
    guard[Symbol.dispose]()
    expect(rw.tryLock()).toBe(true)
  })

  inBothStyles('lets nobody go while another writer waits, or writes', function* (style) {
    const queue = new Queue(style)
    const { rw } = queue
    const ctx = withCancel(background())
    yield* queue.ask('r1')
    const writer = attempt(style, function* () {
      yield* on(rw.lock(ctx))
    })
    yield* queue.ask('w2', 'r2')
    expect(yield* queue.cameIn()).toBe('r1')
    ctx.cancel()
    expect(yield* queue.cameIn()).toBe('')
    expect(writer.state).toBe('failed')
    rw.rUnlock()
    expect(yield* queue.cameIn()).toBe('w2')
    const second = withCancel(background())
    attempt(style, function* () {
      yield* on(rw.lock(second))
    })
    yield* on(idle())
    second.cancel()
    expect(yield* queue.cameIn()).toBe('')
    rw.unlock()
    expect(yield* queue.cameIn()).toBe('r2')
  })

  inBothStyles('lets no reader in whose context ends with its own', function* (style) {
    const rw = new RWMutex()
    const ctx = withCancel(background())
    rw.tryRLock()
    const lock = () =>
      attempt(style, function* () {
        yield* on(rw.lock(ctx))
      })
    const read = (under?: typeof ctx) =>
      attempt(style, function* () {
        yield* on(rw.rLock(under))
      })
    const waits = [lock(), read(ctx), read(), read(ctx), read()]
    yield* on(idle())
    expect(waits.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending', 'pending', 'pending'])
    ctx.cancel()
    yield* on(idle())
    expect(waits.map(({ state }) => state)).toEqual(['failed', 'failed', 'done', 'failed', 'done'])
    for (let i = 0; i < 3; i++) rw.rUnlock()
    expect(rw.tryLock()).toBe(true)
  })
})

describe('a guard', () => {
  inBothStyles('of a writer never releases what somebody else holds', function* (style) {
    const rw = new RWMutex()
    const old = yield* on(rw.lock())
    rw.unlock()
    old[Symbol.dispose]()
    const next = yield* on(rw.lock())
    old[Symbol.dispose]()
    expect(rw.tryRLock()).toBe(false)
    next[Symbol.dispose]()
    next[Symbol.dispose]()
    const reader = attempt(style, function* () {
      return yield* on(rw.rLock())
    })
    yield* on(idle())
    next[Symbol.dispose]()
    expect(rw.tryLock()).toBe(false)
    reader.value?.[Symbol.dispose]()
    expect(rw.tryLock()).toBe(true)
  })

  inBothStyles('of a reader ends one hold, once', function* () {
    const rw = new RWMutex()
    const first = yield* on(rw.rLock())
    const second = yield* on(rw.rLock())
    first[Symbol.dispose]()
    first[Symbol.dispose]()
    expect(rw.tryLock()).toBe(false)
    second[Symbol.dispose]()
    expect(rw.tryLock()).toBe(true)
  })

  inBothStyles('of a reader does nothing after rUnlock, nor to those who read later', function* () {
    const rw = new RWMutex()
    const old = yield* on(rw.rLock())
    rw.rUnlock()
    old[Symbol.dispose]()
    const another = yield* on(rw.rLock())
    rw.rUnlock()
    yield* on(rw.rLock())
    another[Symbol.dispose]()
    expect(rw.tryLock(), 'the last one still reads').toBe(false)
    rw.rUnlock()
    expect(rw.tryLock()).toBe(true)
  })

  inBothStyles('of a reader and rUnlock of another reader end both holds', function* () {
    const rw = new RWMutex()
    const first = yield* on(rw.rLock())
    yield* on(rw.rLock())
    rw.rUnlock()
    expect(rw.tryLock()).toBe(false)
    first[Symbol.dispose]()
    expect(rw.tryLock()).toBe(true)
  })

  test('releases when its goroutine is killed', async () => {
    const rw = new RWMutex()
    for (const lock of [() => rw.lock(), () => rw.rLock(), () => rw.rLocker().lock()]) {
      const goroutine = go(function* () {
        using _ = yield* lock()
        yield* never.receive()
      })
      await idle()
      expect(rw.tryLock()).toBe(false)
      goroutine.kill()
      await expect(goroutine.join()).rejects.toBeInstanceOf(KilledError)
      expect(rw.tryLock()).toBe(true)
      rw.unlock()
    }
  })
})

test('rLocker is the same object each time', () => {
  const rw = new RWMutex()
  expect(rw.rLocker()).toBe(rw.rLocker())
})
