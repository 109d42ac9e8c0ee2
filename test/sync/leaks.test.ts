// A primitive must not keep alive who has been let through it: neither who holds it nor who has left.
import { describe, expect, test } from 'vitest'
import { Cond, Group, Mutex, never, Once, onceFunc, RWMutex, Semaphore, SingleFlight, WaitGroup } from 'warren'
import { Canary } from '../support/gc.ts'
import { type Body, idle, on, styles } from '../support/styles.ts'

interface Passage {
  readonly name: string
  /** Two goroutines pass, one after the other; `next` lets the second one through. */
  make(): { pass(): Body<unknown>; next(): void; readonly primitive: object }
}

const passages: readonly Passage[] = [
  {
    name: 'Mutex',
    make() {
      const mu = new Mutex()
      return { pass: () => on(mu.lock()), next: () => mu.unlock(), primitive: mu }
    },
  },
  {
    name: 'RWMutex, writing',
    make() {
      const rw = new RWMutex()
      return { pass: () => on(rw.lock()), next: () => rw.unlock(), primitive: rw }
    },
  },
  {
    name: 'RWMutex, reading',
    make() {
      const rw = new RWMutex()
      rw.tryLock()
      return { pass: () => on(rw.rLock()), next: () => rw.unlock(), primitive: rw }
    },
  },
  {
    name: 'Cond',
    make() {
      const mu = new Mutex()
      const cond = new Cond(mu)
      const pass = function* (): Body {
        yield* on(mu.lock())
        yield* on(cond.wait())
        mu.unlock()
      }
      return { pass, next: () => cond.broadcast(), primitive: [mu, cond] }
    },
  },
  {
    name: 'Semaphore',
    make() {
      const sem = new Semaphore(1)
      return { pass: () => on(sem.acquire()), next: () => sem.release(), primitive: sem }
    },
  },
  {
    name: 'WaitGroup',
    make() {
      const wg = new WaitGroup()
      wg.add(1)
      return { pass: () => on(wg.wait()), next: () => wg.done(), primitive: wg }
    },
  },
  {
    name: 'Once',
    make() {
      const once = new Once()
      return { pass: () => on(once.do(() => {})), next() {}, primitive: once }
    },
  },
  {
    name: 'onceFunc',
    make() {
      const fn = onceFunc(() => {})
      return { pass: () => on(fn()), next() {}, primitive: fn }
    },
  },
  {
    name: 'SingleFlight',
    make() {
      const flights = new SingleFlight<string, void>()
      return { pass: () => on(flights.do('key', () => {})), next() {}, primitive: flights }
    },
  },
  {
    name: 'Group',
    make() {
      const group = new Group({ limit: 1 })
      const pass = function* (): Body {
        yield* on(group.go(() => {}))
        yield* on(group.wait())
      }
      return { pass, next() {}, primitive: group }
    },
  },
]

describe('who has been let through, and is now blocked for ever, is collected', () => {
  for (const { name, make } of passages) {
    for (const style of styles) {
      test(`${name} (${style.name})`, async () => {
        const canary = new Canary()
        const { pass, next, primitive } = make()
        const start = (): void => {
          style.go(function* (held: object): Body<object> {
            yield* pass()
            yield* on(never.receive())
            return held
          }, canary.hatch())
        }
        start()
        await idle()
        start()
        await idle()
        next()
        await idle()
        expect(await canary.collected(2)).toBe(2)
        expect(primitive).toBeDefined()
      })
    }
  }
})
