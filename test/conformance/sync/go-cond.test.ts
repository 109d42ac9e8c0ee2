import { describe, expect } from 'vitest'
import { Cond, chan, gosched, type Locker, Mutex, RWMutex } from 'warren'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

const lockers: readonly [string, () => Locker][] = [
  ['Mutex', () => new Mutex()],
  ['RWMutex', () => new RWMutex()],
]

for (const [name, makeLocker] of lockers) {
  describe(`Cond over a ${name}`, () => {
    // Go: sync/cond_test.go, TestCondSignal
    inBothStyles('wakes one goroutine per signal', function* (style) {
      const m = makeLocker()
      const c = new Cond(m)
      const count = 2
      const running = chan<boolean>(count)
      const awake = chan<boolean>(count)
      for (let i = 0; i < count; i++) {
        style.go(function* sleeper(): Body {
          yield* on(m.lock())
          yield* on(running.send(true))
          yield* on(c.wait())
          yield* on(awake.send(true))
          m.unlock()
        })
      }
      for (let i = 0; i < count; i++) yield* on(running.receive())
      for (let i = 0; i < count; i++) {
        expect(awake.tryReceive(), 'asleep').toBe(undefined)
        yield* on(m.lock())
        c.signal()
        m.unlock()
        yield* on(awake.receive())
        expect(awake.tryReceive(), 'only one is awake').toBe(undefined)
      }
      c.signal()
    })

    // Go: sync/cond_test.go, TestCondSignalGenerations
    inBothStyles('wakes who has waited longest', function* (style) {
      const m = makeLocker()
      const c = new Cond(m)
      const count = 100
      const running = chan<boolean>(count)
      const awake = chan<number>(count)
      for (let i = 0; i < count; i++) {
        style.go(function* sleeper(): Body {
          yield* on(m.lock())
          yield* on(running.send(true))
          yield* on(c.wait())
          yield* on(awake.send(i))
          m.unlock()
        })
        if (i > 0) expect(yield* on(awake.receive())).toBe(i - 1)
        yield* on(running.receive())
        yield* on(m.lock())
        c.signal()
        m.unlock()
      }
    })

    // Go: sync/cond_test.go, TestCondBroadcast
    inBothStyles('wakes everybody once per broadcast', function* (style) {
      const m = makeLocker()
      const c = new Cond(m)
      const count = 50
      const running = chan<number>(count)
      const awake = chan<number>(count)
      let exit = false
      for (let g = 0; g < count; g++) {
        style.go(function* sleeper(): Body {
          yield* on(m.lock())
          while (!exit) {
            yield* on(running.send(g))
            yield* on(c.wait())
            yield* on(awake.send(g))
          }
          m.unlock()
        })
      }
      for (let round = 0; round < count; round++) {
        for (let i = 0; i < count; i++) yield* on(running.receive())
        if (round === count - 1) {
          yield* on(m.lock())
          exit = true
          m.unlock()
        }
        expect(awake.tryReceive(), 'asleep').toBe(undefined)
        yield* on(m.lock())
        c.broadcast()
        m.unlock()
        const seen = new Set<number | undefined>()
        for (let i = 0; i < count; i++) seen.add(yield* on(awake.receive()))
        expect(seen.size, 'nobody woke up twice').toBe(count)
      }
      expect(running.tryReceive()).toBe(undefined)
      c.broadcast()
    })

    // Go: sync/cond_test.go, TestRace
    inBothStyles('hands a value from one goroutine to the next', function* (style) {
      let x = 0
      const c = new Cond(makeLocker())
      const done = chan<boolean>()
      style.go(function* first(): Body {
        yield* on(c.locker.lock())
        x = 1
        yield* on(c.wait())
        expect(x).toBe(2)
        x = 3
        c.signal()
        c.locker.unlock()
        yield* on(done.send(true))
      })
      style.go(function* second(): Body {
        yield* on(c.locker.lock())
        while (x !== 1) {
          c.locker.unlock()
          yield* on(gosched())
          yield* on(c.locker.lock())
        }
        x = 2
        c.signal()
        c.locker.unlock()
        yield* on(done.send(true))
      })
      style.go(function* third(): Body {
        yield* on(c.locker.lock())
        for (;;) {
          if (x === 2) {
            yield* on(c.wait())
            expect(x).toBe(3)
            break
          }
          if (x === 3) break
          c.locker.unlock()
          yield* on(gosched())
          yield* on(c.locker.lock())
        }
        c.locker.unlock()
        yield* on(done.send(true))
      })
      for (let i = 0; i < 3; i++) yield* on(done.receive())
    })

    // Go: sync/cond_test.go, TestCondSignalStealing
    inBothStyles('wakes by a broadcast who waited before it, in spite of who comes after', function* (style) {
      for (let i = 0; i < 100; i++) {
        const m = makeLocker()
        const cond = new Cond(m)
        const ch = chan<void>()
        style.go(function* first(): Body {
          yield* on(m.lock())
          yield* on(ch.send())
          yield* on(cond.wait())
          m.unlock()
          yield* on(ch.send())
        })
        yield* on(ch.receive())
        yield* on(m.lock())
        m.unlock()
        // The first one waits now: it has let go of the lock.
        let done = false
        style.go(function* caller(): Body {
          cond.broadcast()
        })
        const second = style.go(function* second(): Body {
          yield* on(m.lock())
          while (!done) yield* on(cond.wait())
          m.unlock()
        })
        yield* on(ch.receive())
        yield* on(m.lock())
        done = true
        m.unlock()
        cond.broadcast()
        yield* on(second.join())
      }
    })
  })
}
