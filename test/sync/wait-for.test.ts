// Who holds what and who waits for it, as dumps and `goroutines()` tell it: never more than is known.
import { describe, expect, test } from 'vitest'
import {
  background,
  Cond,
  chan,
  type Goroutine,
  go,
  gosched,
  Mutex,
  never,
  Once,
  onceFunc,
  RWMutex,
  withCancel,
} from 'warren'
import { dump, type GoroutineRecord, goroutines } from 'warren/debug'
import { scheduler } from '../../src/runtime/runtime.ts'
import { findCycles } from '../../src/runtime/wait-for.ts'
import { type Body, idle } from '../support/styles.ts'

function recordOf(goroutine: Goroutine<unknown>): GoroutineRecord {
  return goroutines().find(({ id }) => id === goroutine.id)!
}

/** The kind of what it waits for and the ids of the holders. */
function waitsFor(goroutine: Goroutine<unknown>): readonly [string, ...number[]] | undefined {
  const resource = recordOf(goroutine).waitsFor
  return resource && [resource.kind, ...resource.holders]
}

function cycles(): string[] {
  return findCycles([...scheduler.table])
}

/** Ends goroutines that are stuck, so that the next test finds a clean table. */
async function killAll(...stuck: readonly Goroutine<unknown>[]): Promise<void> {
  for (const goroutine of stuck) {
    void goroutine.join().catch(() => {})
    goroutine.kill()
  }
  await idle()
}

describe('a goroutine that waits for a Mutex', () => {
  test('waits for its holder, from one hand-over to the next', async () => {
    const mu = new Mutex()
    const turns = [chan<never>(), chan<never>(), chan<never>()]
    const all = turns.map((turn) =>
      go(function* () {
        yield* mu.lock()
        yield* turn.receive()
        mu.unlock()
      }),
    )
    await idle()
    expect(all.map(waitsFor)).toEqual([undefined, ['sync.Mutex', all[0]!.id], ['sync.Mutex', all[0]!.id]])
    turns[0]!.close()
    await idle()
    expect(waitsFor(all[2]!)).toEqual(['sync.Mutex', all[1]!.id])
    turns[1]!.close()
    await idle()
    turns[2]!.close()
    await all[2]!.join()
    const late = go(function* () {
      yield* mu.lock()
    })
    const after = go(function* () {
      yield* mu.lock()
    })
    await late.join()
    expect(waitsFor(after)).toEqual(['sync.Mutex', late.id])
    await killAll(after)
  })

  test('waits for nobody known after somebody unknown has locked it', async () => {
    const mu = new Mutex()
    mu.tryLock()
    const waiting = go(function* () {
      yield* mu.lock()
    })
    await idle()
    expect(waitsFor(waiting)).toEqual(['sync.Mutex'])
    mu.unlock()
    await waiting.join()
  })

  test('waits no more when it is cancelled, and does something else', async () => {
    const mu = new Mutex()
    const ctx = withCancel(background())
    mu.tryLock()
    const waiting = go(function* () {
      try {
        yield* mu.lock(ctx)
      } catch {
        yield* never.receive()
      }
    })
    await idle()
    expect(waitsFor(waiting)).toEqual(['sync.Mutex'])
    ctx.cancel()
    await idle()
    expect(recordOf(waiting)).toMatchObject({ state: 'chan receive (nil chan)', waitsFor: undefined })
    await killAll(waiting)
  })

  test('waits no more when it is killed, and does something else in its finally', async () => {
    const mu = new Mutex()
    const gate = chan<never>()
    mu.tryLock()
    const waiting = go(function* () {
      try {
        yield* mu.lock()
      } finally {
        yield* gate.receive()
      }
    })
    void waiting.join().catch(() => {})
    await idle()
    waiting.kill()
    await idle()
    expect(recordOf(waiting)).toMatchObject({ state: 'chan receive', waitsFor: undefined })
    gate.close()
    await idle()
  })

  test('waits for the goroutine that had the lock handed to it back by a Cond', async () => {
    const mu = new Mutex()
    const cond = new Cond(mu)
    const gate = chan<never>()
    const sleeper = go(function* () {
      using _ = yield* mu.lock()
      yield* cond.wait()
      yield* gate.receive()
    })
    await idle()
    const holder = go(function* () {
      using _ = yield* mu.lock()
      cond.signal()
      yield* gate.receive()
    })
    await idle()
    expect(waitsFor(sleeper)).toEqual(['sync.Mutex', holder.id])
    const next = go(function* () {
      using _ = yield* mu.lock()
    })
    await idle()
    holder.kill()
    void holder.join().catch(() => {})
    await idle()
    expect(waitsFor(next)).toEqual(['sync.Mutex', sleeper.id])
    gate.close()
    await next.join()
  })
})

describe('a goroutine that waits for a RWMutex', () => {
  test('waits for the writer, or for all readers', async () => {
    const rw = new RWMutex()
    const gate = chan<never>()
    const read = function* (): Body {
      using _ = yield* rw.rLock()
      yield* gate.receive()
    }
    const readers = [go(read), go(read), go(read)]
    await idle()
    const writer = go(function* () {
      using _ = yield* rw.lock()
      yield* never.receive()
    })
    const late = go(read)
    await idle()
    const ids = readers.map(({ id }) => id)
    expect(waitsFor(writer)).toEqual(['sync.RWMutex', ...ids])
    expect(waitsFor(late)).toEqual(['sync.RWMutex', ...ids])
    await killAll(readers[1]!)
    expect(new Set(waitsFor(writer))).toEqual(new Set(['sync.RWMutex', ids[0], ids[2]]))
    gate.close()
    await idle()
    expect(waitsFor(late)).toEqual(['sync.RWMutex', writer.id])
    await killAll(writer)
    await late.join()
  })

  test('waits for nobody known when a hold was ended that cannot be told from others', async () => {
    const rw = new RWMutex()
    const read = function* (): Body {
      yield* rw.rLock()
      yield* never.receive()
    }
    const readers = [go(read), go(read)]
    await idle()
    rw.rUnlock()
    const writer = go(function* () {
      yield* rw.lock()
    })
    await idle()
    expect(waitsFor(writer)).toEqual(['sync.RWMutex'])
    rw.rUnlock()
    await writer.join()
    await killAll(...readers)
  })
})

describe('a goroutine that waits for a Once', () => {
  test('waits for the goroutine of the function', async () => {
    for (const make of [() => new Once(), undefined]) {
      const gate = chan<never>()
      const fn = function* setUp(): Body {
        yield* gate.receive()
      }
      const once = make?.()
      const call = once === undefined ? onceFunc(fn) : () => once.do(fn)
      const caller = go(function* () {
        yield* call()
      })
      await idle()
      const runner = goroutines().find(({ name }) => name === 'setUp')!
      expect(waitsFor(caller)).toEqual(['sync.Once', runner.id])
      gate.close()
      await caller.join()
    }
  })
})

describe('a cycle', () => {
  test('of two goroutines and two locks is named', async () => {
    const [a, b] = [new Mutex(), new Mutex()]
    const cross = (first: Mutex, second: Mutex) =>
      function* crossing(): Body {
        yield* first.lock()
        yield* gosched()
        yield* second.lock()
      }
    const one = go(cross(a, b))
    const other = go(cross(b, a))
    await idle()
    expect(cycles()).toHaveLength(1)
    const [cycle] = cycles()
    for (const [waiter, holder] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(cycle).toMatch(
        new RegExp(`goroutine ${waiter.id} \\(crossing\\) waits for sync.Mutex \\d+, held by goroutine ${holder.id}`),
      )
    }
    expect(dump()).toContain('wait-for cycle:')
    await killAll(one, other)
    expect(cycles()).toEqual([])
  })

  test('of one goroutine that locks twice is named', async () => {
    const mu = new Mutex()
    const self = go(function* () {
      yield* mu.lock()
      yield* mu.lock()
    })
    await idle()
    expect(cycles()[0]).toMatch(/waits for sync.Mutex \d+, which it holds itself/)
    await killAll(self)
  })

  test('of a reader that reads again behind a writer is named', async () => {
    const rw = new RWMutex()
    const reader = go(function* () {
      yield* rw.rLock()
      yield* gosched()
      yield* rw.rLock()
    })
    const writer = go(function* () {
      yield* rw.lock()
    })
    await idle()
    expect(cycles()[0]).toMatch(/waits for sync.RWMutex \d+, which it holds itself/)
    await killAll(reader, writer)
  })

  test('is not seen where a lock is only queued for', async () => {
    const [a, b] = [new Mutex(), new Mutex()]
    const gate = chan<never>()
    const patient = go(function* () {
      using _ = yield* a.lock()
      const later = b.lock()
      yield* gate.receive()
      a.unlock()
      using _b = yield* later
    })
    const other = go(function* () {
      using _ = yield* b.lock()
      yield* gosched()
      using _a = yield* a.lock()
    })
    await idle()
    expect(cycles()).toEqual([])
    expect(recordOf(patient).waitsFor).toBe(undefined)
    gate.close()
    await other.join()
    await patient.join()
  })

  // The last one: nobody has the goroutine of the function, to kill it.
  test('of a Once whose function calls it again is named', async () => {
    const once = new Once()
    const outer = go(function* () {
      yield* once.do(function* nested() {
        yield* once.do(() => {})
      })
    })
    await idle()
    expect(cycles()[0]).toMatch(/\(nested\) waits for sync.Once \d+, which it holds itself/)
    await killAll(outer)
  })
})
