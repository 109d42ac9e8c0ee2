import { describe, expect } from 'vitest'
import { background, ContextCanceledError, chan, Group, gosched, Semaphore, WaitGroup, withCancel } from 'warren'
import { attempt, type Body, idle, inBothStyles, on } from '../../support/styles.ts'

describe('Semaphore', () => {
  // Go: golang.org/x/sync/semaphore, TestWeighted
  inBothStyles('survives goroutines that take from none to all but one of it', function* (style) {
    const n = 4
    const sem = new Semaphore(n)
    const wg = new WaitGroup()
    wg.add(n)
    for (let i = 0; i < n; i++) {
      style.go(function* hammer(): Body {
        for (let round = 0; round < 500; round++) {
          yield* on(sem.acquire(i))
          if (round % 3 === 0) yield* on(gosched())
          sem.release(i)
        }
        wg.done()
      })
    }
    yield* on(wg.wait())
    expect(sem.tryAcquire(n)).toBe(true)
  })

  // Go: golang.org/x/sync/semaphore, TestWeightedPanic
  inBothStyles('panics when more is released than is held', function* () {
    const w = new Semaphore(1)
    expect(() => w.release(1)).toThrow(/^semaphore: released more than held$/)
  })

  // Go: golang.org/x/sync/semaphore, TestWeightedTryAcquire
  inBothStyles('is taken by tryAcquire while there is enough', function* () {
    const sem = new Semaphore(2)
    const tries: boolean[] = []
    yield* on(sem.acquire(1))
    tries.push(sem.tryAcquire(1), sem.tryAcquire(1))
    sem.release(2)
    tries.push(sem.tryAcquire(1))
    yield* on(sem.acquire(1))
    tries.push(sem.tryAcquire(1))
    expect(tries).toEqual([true, false, true, false])
  })

  // Go: golang.org/x/sync/semaphore, TestWeightedAcquire
  inBothStyles('acquires within its time what is there, and fails else', function* (style) {
    const sem = new Semaphore(2)
    const tries: boolean[] = []
    function* tryAcquire(n: number): Body {
      const ctx = withCancel(background())
      const outcome = attempt(style, function* () {
        return yield* on(sem.acquire(n, ctx))
      })
      yield* on(idle())
      ctx.cancel()
      yield* on(idle())
      tries.push(outcome.state === 'done')
    }
    yield* on(sem.acquire(1))
    yield* tryAcquire(1)
    yield* tryAcquire(1)
    sem.release(2)
    yield* tryAcquire(1)
    yield* on(sem.acquire(1))
    yield* tryAcquire(1)
    expect(tries).toEqual([true, false, true, false])
  })

  // Go: golang.org/x/sync/semaphore, TestWeightedDoesntBlockIfTooBig
  inBothStyles('does not let a request that is too big for it block others', function* (style) {
    const n = 2
    const sem = new Semaphore(n)
    const ctx = withCancel(background())
    const tooBig = attempt(style, function* () {
      return yield* on(sem.acquire(n + 1, ctx))
    })
    yield* on(idle())
    const group = new Group()
    for (let i = n * 3; i > 0; i--) {
      group.tryGo(() =>
        style
          .go(function* (): Body {
            yield* on(sem.acquire(1, group.ctx))
            yield* on(gosched())
            sem.release(1)
          })
          .join(),
      )
    }
    yield* on(group.wait())
    expect(tooBig.state).toBe('pending')
    ctx.cancel()
    yield* on(idle())
    expect(tooBig.error).toBeInstanceOf(ContextCanceledError)
  })

  // Go: golang.org/x/sync/semaphore, TestLargeAcquireDoesntStarve
  inBothStyles('does not let small requests starve a large one', function* (style) {
    const n = 4
    const sem = new Semaphore(n)
    let running = true
    const wg = new WaitGroup()
    wg.add(n)
    for (let i = n; i > 0; i--) {
      yield* on(sem.acquire(1))
      style.go(function* (): Body {
        while (running) {
          yield* on(gosched())
          sem.release(1)
          yield* on(sem.acquire(1))
        }
        sem.release(1)
        wg.done()
      })
    }
    yield* on(sem.acquire(n))
    running = false
    sem.release(n)
    yield* on(wg.wait())
  })

  // Go: golang.org/x/sync/semaphore, TestAllocCancelDoesntStarve
  inBothStyles('serves those behind a request that was cancelled', function* (style) {
    const sem = new Semaphore(10)
    yield* on(sem.acquire(1))
    const ctx = withCancel(background())
    const all = attempt(style, function* () {
      return yield* on(sem.acquire(10, ctx))
    })
    while (sem.tryAcquire(1)) {
      sem.release(1)
      yield* on(gosched())
    }
    style.go(function* (): Body {
      ctx.cancel()
    })
    yield* on(sem.acquire(1))
    sem.release(1)
    yield* on(idle())
    expect(all.error).toBeInstanceOf(ContextCanceledError)
  })

  // Go: golang.org/x/sync/semaphore, TestWeightedAcquireCanceled (issue 63615)
  inBothStyles('gives nothing to a request whose context ended before there was enough', function* (style) {
    const sem = new Semaphore(2)
    const ctx = withCancel(background())
    yield* on(sem.acquire(1))
    const ch = chan<never>()
    style.go(function* (): Body {
      while (sem.tryAcquire(1)) {
        sem.release(1)
        yield* on(gosched())
      }
      ctx.cancel()
      sem.release(1)
      ch.close()
    })
    const both = attempt(style, function* () {
      return yield* on(sem.acquire(2, ctx))
    })
    yield* on(ch.receive())
    yield* on(idle())
    expect(both.error).toBeInstanceOf(ContextCanceledError)
    expect(sem.tryAcquire(2)).toBe(true)
    sem.release(2)
    const one = attempt(style, function* () {
      return yield* on(sem.acquire(1, ctx))
    })
    yield* on(idle())
    expect(one.error, 'not even if it need not wait').toBeInstanceOf(ContextCanceledError)
  })
})
