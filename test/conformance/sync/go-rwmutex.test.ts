import { describe, expect } from 'vitest'
import { chan, gosched, type ReceiveChan, RWMutex, type SendChan } from 'warren'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

function* parallelReader(rw: RWMutex, locked: SendChan<void>, unlock: ReceiveChan<void>, done: SendChan<void>): Body {
  yield* on(rw.rLock())
  yield* on(locked.send())
  yield* on(unlock.receive())
  rw.rUnlock()
  yield* on(done.send())
}

/** Readers that are in, and 10,000 for each writer that is. */
class Activity {
  count = 0
}

function* reader(rw: RWMutex, rounds: number, activity: Activity, done: SendChan<void>): Body {
  for (let i = 0; i < rounds; i++) {
    yield* on(rw.rLock())
    activity.count++
    expect(activity.count).toBeGreaterThanOrEqual(1)
    expect(activity.count).toBeLessThan(10_000)
    if (i % 7 === 0) yield* on(gosched())
    activity.count--
    rw.rUnlock()
  }
  yield* on(done.send())
}

function* writer(rw: RWMutex, rounds: number, activity: Activity, done: SendChan<void>): Body {
  for (let i = 0; i < rounds; i++) {
    yield* on(rw.lock())
    activity.count += 10_000
    expect(activity.count).toBe(10_000)
    if (i % 5 === 0) yield* on(gosched())
    activity.count -= 10_000
    rw.unlock()
  }
  yield* on(done.send())
}

describe('RWMutex', () => {
  // Go: sync/rwmutex_test.go, TestParallelReaders
  for (const count of [1, 3, 4]) {
    inBothStyles(`lets ${count} readers in at a time`, function* (style) {
      const rw = new RWMutex()
      const locked = chan<void>()
      const unlock = chan<void>()
      const done = chan<void>()
      for (let i = 0; i < count; i++) style.go(parallelReader, rw, locked, unlock, done)
      for (let i = 0; i < count; i++) yield* on(locked.receive())
      for (let i = 0; i < count; i++) yield* on(unlock.send())
      for (let i = 0; i < count; i++) yield* on(done.receive())
    })
  }

  // Go: sync/rwmutex_test.go, TestRWMutex
  inBothStyles('is taken by tryLock and tryRLock only while that needs no waiting', function* () {
    const rw = new RWMutex()
    yield* on(rw.lock())
    expect(rw.tryLock()).toBe(false)
    expect(rw.tryRLock()).toBe(false)
    rw.unlock()

    expect(rw.tryLock()).toBe(true)
    rw.unlock()

    expect(rw.tryRLock()).toBe(true)
    expect(rw.tryRLock()).toBe(true)
    expect(rw.tryLock()).toBe(false)
    rw.rUnlock()
    rw.rUnlock()
  })

  for (const readers of [1, 3, 5, 10]) {
    inBothStyles(`keeps writers alone, with 2 writers and ${readers} readers`, function* (style) {
      const rw = new RWMutex()
      const activity = new Activity()
      const done = chan<void>()
      const rounds = 300
      style.go(writer, rw, rounds, activity, done)
      for (let i = 0; i < Math.floor(readers / 2); i++) style.go(reader, rw, rounds, activity, done)
      style.go(writer, rw, rounds, activity, done)
      for (let i = Math.floor(readers / 2); i < readers; i++) style.go(reader, rw, rounds, activity, done)
      for (let i = 0; i < 2 + readers; i++) yield* on(done.receive())
      expect(activity.count).toBe(0)
    })
  }

  // Go: sync/rwmutex_test.go, TestRLocker
  inBothStyles('locks for reading through its rLocker', function* (style) {
    const wl = new RWMutex()
    const rl = wl.rLocker()
    const wlocked = chan<boolean>(1)
    const rlocked = chan<boolean>(1)
    const rounds = 10
    style.go(function* both(): Body {
      for (let i = 0; i < rounds; i++) {
        yield* on(rl.lock())
        yield* on(rl.lock())
        yield* on(rlocked.send(true))
        yield* on(wl.lock())
        yield* on(wlocked.send(true))
      }
    })
    for (let i = 0; i < rounds; i++) {
      yield* on(rlocked.receive())
      rl.unlock()
      expect(wlocked.tryReceive(), 'the other read lock still holds').toBe(undefined)
      rl.unlock()
      yield* on(wlocked.receive())
      expect(rlocked.tryReceive(), 'the write lock keeps readers out').toBe(undefined)
      wl.unlock()
    }
  })
})
