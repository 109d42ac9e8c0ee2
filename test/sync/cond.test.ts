import { describe, expect, test } from 'vitest'
import {
  background,
  Cond,
  ContextCanceledError,
  chan,
  type Goroutine,
  type Guard,
  go,
  KilledError,
  type Locker,
  Mutex,
  never,
  type Operation,
  RWMutex,
  wait,
  withCancel,
} from 'warren'
import { goroutines } from 'warren/debug'
import { cancelSource } from '../../src/runtime/cancel-source.ts'
import { scheduler } from '../../src/runtime/runtime.ts'
import { WaitReason } from '../../src/runtime/wait-reason.ts'
import { Waiter } from '../../src/runtime/waiter.ts'
import { attempt, type Body, idle, inBothStyles, inEveryPair, on } from '../support/styles.ts'

/** A lock that is not ours: a token in a channel. */
class TokenLock implements Locker {
  readonly #token = chan<Guard>(1)

  constructor() {
    this.#token.trySend({ [Symbol.dispose]: () => this.unlock() })
  }

  lock(): Operation<Guard> {
    return this.#token.receive() as Operation<Guard>
  }

  unlock(): void {
    if (!this.#token.trySend({ [Symbol.dispose]: () => this.unlock() })) throw new Error('not locked')
  }
}

/** One whose `lock` is only awaitable. */
class PromiseLock implements Locker {
  readonly #inner = new TokenLock()

  lock(): Operation<Guard> {
    return this.#lock() as Operation<Guard>
  }

  async #lock(): Promise<Guard> {
    await null
    return await this.#inner.lock()
  }

  unlock(): void {
    this.#inner.unlock()
  }
}

interface Kind {
  readonly name: string
  make(): Locker
}

const ours: readonly Kind[] = [
  { name: 'a Mutex', make: () => new Mutex() },
  { name: 'a RWMutex', make: () => new RWMutex() },
]
const foreign: readonly Kind[] = [
  { name: 'a foreign lock', make: () => new TokenLock() },
  { name: 'a foreign lock of promises', make: () => new PromiseLock() },
]
const exclusive: readonly Kind[] = [...ours, ...foreign]
const all: readonly Kind[] = [...exclusive, { name: 'a rLocker', make: () => new RWMutex().rLocker() }]

/** `on` for what may be a plain promise. */
function* onAny<T>(operation: Operation<T>): Body<T> {
  return yield* on(Symbol.iterator in operation ? operation : wait(operation as Promise<T>))
}

for (const { name, make } of all) {
  describe(`over ${name}`, () => {
    inBothStyles('wait gives up the lock, and has it again when it returns', function* (style) {
      const locker = make()
      const cond = new Cond(locker)
      const steps: string[] = []
      const waiting = attempt(style, function* () {
        yield* onAny(locker.lock())
        steps.push('locked')
        yield* on(cond.wait())
        steps.push('woken')
        locker.unlock()
      })
      yield* on(idle())
      yield* onAny(locker.lock())
      steps.push('mine')
      cond.signal()
      yield* on(idle())
      if (name !== 'a rLocker') expect(waiting.state).toBe('pending')
      locker.unlock()
      yield* on(idle())
      expect(waiting.state).toBe('done')
      expect(steps).toEqual(['locked', 'mine', 'woken'])
      yield* onAny(locker.lock())
    })

    inBothStyles('a wait that is cancelled locks again before it throws', function* (style) {
      const locker = make()
      const cond = new Cond(locker)
      for (const source of ['context', 'signal'] as const) {
        const ctx = withCancel(background())
        const waiting = attempt(style, function* () {
          yield* onAny(locker.lock())
          try {
            yield* on(cond.wait(source === 'context' ? ctx : ctx.signal))
          } finally {
            locker.unlock()
          }
        })
        yield* on(idle())
        yield* onAny(locker.lock())
        ctx.cancel()
        yield* on(idle())
        if (name !== 'a rLocker') expect(waiting.state, 'it has to wait for the lock').toBe('pending')
        locker.unlock()
        yield* on(idle())
        expect(waiting.error).toBeInstanceOf(ContextCanceledError)
      }
      yield* onAny(locker.lock())
    })

    test('a goroutine that is killed in wait locks again before its finally', async () => {
      const locker = make()
      const cond = new Cond(locker)
      const steps: string[] = []
      const victim = go(function* () {
        yield* inner()
        steps.push('never')
      })
      function* inner(): Body {
        yield* onAny(locker.lock())
        try {
          yield* cond.wait()
          steps.push('never')
        } finally {
          steps.push('finally')
          locker.unlock()
        }
      }
      void victim.join().catch(() => {})
      await idle()
      await locker.lock()
      victim.kill('because')
      await idle()
      if (name !== 'a rLocker') expect(steps).toEqual([])
      locker.unlock()
      await expect(victim.join()).rejects.toMatchObject({ code: 'ERR_KILLED', cause: 'because' })
      expect(steps).toEqual(['finally'])
      await locker.lock()
    })
  })
}

for (const { name, make } of ours) {
  describe(`over ${name}`, () => {
    inBothStyles('a guard from before the wait guards after it', function* (style) {
      const locker = make()
      const cond = new Cond(locker)
      const waiting = attempt(style, function* () {
        using guard = yield* on(locker.lock())
        yield* on(cond.wait())
        expect(guard).toBeDefined()
      })
      yield* on(idle())
      cond.signal()
      yield* on(idle())
      expect(waiting.state).toBe('done')
      const next = attempt(style, function* () {
        yield* on(locker.lock())
      })
      yield* on(idle())
      expect(next.state).toBe('done')
    })

    inBothStyles('a guard disposed while its goroutine waits releases nothing', function* (style) {
      const locker = make()
      const cond = new Cond(locker)
      let guard: Guard | undefined
      attempt(style, function* () {
        guard = yield* on(locker.lock())
        yield* on(cond.wait())
      })
      yield* on(idle())
      yield* on(locker.lock())
      guard?.[Symbol.dispose]()
      const next = attempt(style, function* () {
        yield* on(locker.lock())
      })
      yield* on(idle())
      expect(next.state).toBe('pending')
    })

    test('a guard releases when its goroutine is killed in wait', async () => {
      const locker = make()
      const cond = new Cond(locker)
      const victim = go(function* () {
        using _ = yield* locker.lock()
        yield* cond.wait()
      })
      await idle()
      victim.kill()
      await expect(victim.join()).rejects.toBeInstanceOf(KilledError)
      await locker.lock()
    })
  })
}

test('a reader’s guard from before the wait guards after it', async () => {
  const rw = new RWMutex()
  const cond = new Cond(rw.rLocker())
  const waiting = go(async () => {
    using _ = await rw.rLock()
    await cond.wait()
  })
  await idle()
  expect(rw.tryLock(), 'nobody reads').toBe(true)
  cond.signal()
  await idle()
  rw.unlock()
  await waiting.join()
  expect(rw.tryLock()).toBe(true)
})

describe('a signal', () => {
  inEveryPair('goes to who has waited longest', function* (one, other) {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const order: number[] = []
    for (let i = 0; i < 6; i++) {
      attempt(i % 2 === 0 ? one : other, function* () {
        using _ = yield* on(mu.lock())
        yield* on(cond.wait())
        order.push(i)
      })
      yield* on(idle())
    }
    for (let i = 0; i < 4; i++) cond.signal()
    yield* on(idle())
    expect(order).toEqual([0, 1, 2, 3])
    cond.broadcast()
    yield* on(idle())
    expect(order).toEqual([0, 1, 2, 3, 4, 5])
    cond.signal()
    cond.broadcast()
    expect(mu.tryLock()).toBe(true)
  })

  inBothStyles('does not go to a wait that was cancelled before it', function* (style) {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const ctx = withCancel(background())
    const first = attempt(style, function* () {
      using _ = yield* on(mu.lock())
      yield* on(cond.wait(ctx))
    })
    yield* on(idle())
    const second = attempt(style, function* () {
      using _ = yield* on(mu.lock())
      yield* on(cond.wait())
    })
    yield* on(idle())
    ctx.cancel()
    cond.signal()
    yield* on(idle())
    expect([first.state, second.state]).toEqual(['failed', 'done'])
  })

  inBothStyles('that came before the cancel is not lost: the wait returns', function* (style) {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const ctx = withCancel(background())
    const waiting = attempt(style, function* () {
      using _ = yield* on(mu.lock())
      yield* on(cond.wait(ctx))
    })
    yield* on(idle())
    mu.tryLock()
    cond.signal()
    ctx.cancel()
    yield* on(idle())
    expect(waiting.state, 'it has been signalled, and waits for the lock').toBe('pending')
    mu.unlock()
    yield* on(idle())
    expect(waiting.state).toBe('done')
  })

  test('that a killed goroutine was given goes to the next one', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const waiter = function* (): Body {
      using _ = yield* mu.lock()
      yield* cond.wait()
    }
    const victim = go(waiter)
    await idle()
    const other = go(waiter)
    await idle()
    mu.tryLock()
    cond.signal()
    victim.kill()
    await idle()
    mu.unlock()
    await expect(victim.join()).rejects.toBeInstanceOf(KilledError)
    await other.join()
    expect(mu.tryLock()).toBe(true)
  })

  test('after which the lock was got too is delivered before the kill', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const steps: string[] = []
    const victim = go(function* () {
      using _ = yield* mu.lock()
      yield* cond.wait()
      steps.push('woken')
      yield* never.receive()
      steps.push('never')
    })
    await idle()
    cond.signal()
    victim.kill()
    await expect(victim.join()).rejects.toBeInstanceOf(KilledError)
    expect(steps).toEqual(['woken'])
    expect(mu.tryLock()).toBe(true)
  })

  test('is not lost by a broadcast to killed, cancelled and living', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const ctx = withCancel(background())
    const outcomes: string[] = []
    const waitAs = (i: number) =>
      go(function* () {
        using _ = yield* mu.lock()
        try {
          yield* cond.wait(i % 3 === 1 ? ctx : undefined)
          outcomes.push(`${i} woken`)
        } catch {
          outcomes.push(`${i} cancelled`)
        }
      })
    const waits = Array.from({ length: 9 }, (_, i) => waitAs(i))
    for (const goroutine of waits) void goroutine.join().catch(() => {})
    await idle()
    for (let i = 2; i < 9; i += 3) waits[i]!.kill()
    ctx.cancel()
    cond.broadcast()
    await idle()
    expect(outcomes.sort()).toEqual([0, 1, 3, 4, 6, 7].map((i) => `${i} ${i % 3 === 1 ? 'cancelled' : 'woken'}`))
    expect(mu.tryLock()).toBe(true)
  })
})

describe('a wait', () => {
  inBothStyles('without the lock panics, and does not wait', function* (style) {
    const rw = new RWMutex()
    const cases: readonly [Locker, string][] = [
      [new Mutex(), 'ERR_UNLOCK_UNLOCKED'],
      [rw, 'ERR_RW_UNLOCK_UNLOCKED'],
      [rw.rLocker(), 'ERR_RW_RUNLOCK_UNLOCKED'],
    ]
    for (const [locker, code] of cases) {
      const cond = new Cond(locker)
      const waiting = attempt(style, function* () {
        yield* on(cond.wait())
      })
      yield* on(idle())
      expect(waiting.error).toMatchObject({ code })
      cond.signal()
    }
    expect(rw.tryLock()).toBe(true)
  })

  inBothStyles('under a context that has ended keeps the lock', function* (style) {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const waiting = attempt(style, function* () {
      yield* on(mu.lock())
      yield* on(cond.wait(AbortSignal.abort()))
    })
    yield* on(idle())
    expect(waiting.error).toBeInstanceOf(ContextCanceledError)
    expect(mu.tryLock()).toBe(false)
  })

  test('of a goroutine that was killed while it ran keeps the lock until its finally', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const steps: string[] = []
    const victim: Goroutine<void> = go(function* (): Body {
      yield* mu.lock()
      const other = mu.lock()
      void other.then(() => steps.push('other'))
      victim.kill()
      try {
        yield* cond.wait()
      } finally {
        steps.push('finally')
        mu.unlock()
      }
    })
    await expect(victim.join()).rejects.toBeInstanceOf(KilledError)
    await idle()
    expect(steps).toEqual(['finally', 'other'])
  })

  test('shows in a dump what it waits for: first a signal, then the lock', async () => {
    const cases: readonly [Locker & { tryLock(): boolean }, string][] = [
      [new Mutex(), 'sync.Mutex.Lock'],
      [new RWMutex(), 'sync.RWMutex.Lock'],
    ]
    for (const [locker, reason] of cases) {
      const cond = new Cond(locker)
      const { id } = go(function* () {
        using _ = yield* locker.lock()
        yield* cond.wait()
      })
      const state = () => goroutines().find((goroutine) => goroutine.id === id)?.state
      await idle()
      expect(state()).toBe('sync.Cond.Wait')
      locker.tryLock()
      cond.signal()
      expect(state()).toBe(reason)
      locker.unlock()
      expect(state()).toBe('runnable')
    }
  })

  test('holds on to nothing of its context when it has ended', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const ctx = withCancel(background())
    const before = [...scheduler.unownedWaits]
    const waits = Array.from({ length: 10 }, () =>
      go(function* () {
        using _ = yield* mu.lock()
        yield* cond.wait(ctx)
      }),
    )
    for (const goroutine of waits) void goroutine.join().catch(() => {})
    await idle()
    expect(ctx[cancelSource]?.waiters.isEmpty).toBe(false)
    waits[3]!.kill()
    await idle()
    cond.broadcast()
    await idle()
    expect(ctx[cancelSource]?.waiters.isEmpty).toBe(true)
    const cancelled = go(function* () {
      using _ = yield* mu.lock()
      yield* cond.wait(ctx)
    })
    await idle()
    ctx.cancel()
    await expect(cancelled.join()).rejects.toBeInstanceOf(ContextCanceledError)
    expect(scheduler.unownedWaits, 'nothing is counted any more').toEqual(before)
  })

  inBothStyles('is cancelled at once also when the turn is full, and takes no signal after that', function* (style) {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const ctx = withCancel(background())
    const sleeper = (under?: typeof ctx) =>
      attempt(style, function* () {
        using _ = yield* on(mu.lock())
        yield* on(cond.wait(under))
      })
    const cancelled = sleeper(ctx)
    yield* on(idle())
    const next = sleeper()
    yield* on(idle())
    mu.tryLock()
    scheduler.wakeNextTurn(new Waiter(WaitReason.runnable, undefined, undefined))
    ctx.cancel()
    cond.signal()
    yield* on(idle())
    mu.unlock()
    yield* on(idle())
    expect([cancelled.state, next.state]).toEqual(['failed', 'done'])
  })

  test('that is cancelled after its goroutine was killed only unwinds', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const ctx = withCancel(background())
    const victim = go(function* () {
      using _ = yield* mu.lock()
      yield* cond.wait(ctx)
    })
    await idle()
    victim.kill()
    ctx.cancel()
    await expect(victim.join()).rejects.toBeInstanceOf(KilledError)
    expect(mu.tryLock()).toBe(true)
  })
})

describe('over a lock that is not ours', () => {
  inBothStyles('an error of its lock is the error of the wait', function* (style) {
    let isBroken = false
    const locker: Locker = {
      lock: () => (isBroken ? (Promise.reject(new Error('broken')) as Operation<Guard>) : new Mutex().lock()),
      unlock: () => {},
    }
    const cond = new Cond(locker)
    const waiting = attempt(style, function* () {
      yield* on(locker.lock())
      yield* on(cond.wait())
    })
    yield* on(idle())
    isBroken = true
    cond.signal()
    yield* on(idle())
    expect(waiting.error).toEqual(new Error('broken'))
  })

  inBothStyles('an unlock that signals does not deadlock', function* (style) {
    const mu = new Mutex()
    const cond: Cond = new Cond({
      lock: () => mu.lock(),
      unlock() {
        mu.unlock()
        cond.signal()
      },
    })
    const waiting = attempt(style, function* () {
      yield* on(mu.lock())
      yield* on(cond.wait())
    })
    yield* on(idle())
    expect(waiting.state).toBe('done')
  })

  test('must have lock and unlock', () => {
    for (const locker of [undefined, null, 5, {}, { lock() {} }]) {
      expect(() => new Cond(locker as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }
  })
})

inBothStyles('a bounded buffer of two conditions loses and doubles nothing', function* (style) {
  const mu = new Mutex()
  const notEmpty = new Cond(mu)
  const notFull = new Cond(mu)
  const items: number[] = []
  const taken: number[] = []
  const makers = Array.from({ length: 4 }, (_, maker) =>
    style.go(function* (): Body {
      for (let i = 0; i < 25; i++) {
        using _ = yield* on(mu.lock())
        while (items.length >= 3) yield* on(notFull.wait())
        items.push(maker * 25 + i)
        notEmpty.signal()
      }
    }),
  )
  const takers = Array.from({ length: 5 }, () =>
    style.go(function* (): Body {
      for (let i = 0; i < 20; i++) {
        using _ = yield* on(mu.lock())
        while (items.length === 0) yield* on(notEmpty.wait())
        taken.push(items.shift()!)
        notFull.signal()
      }
    }),
  )
  for (const goroutine of [...makers, ...takers]) yield* on(goroutine.join())
  expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
})
