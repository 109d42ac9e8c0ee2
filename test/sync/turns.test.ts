// Operations that need not wait give the event loop its turn all the same.
import { describe } from 'vitest'
import { Cond, Group, Mutex, Once, onceFunc, RWMutex, Semaphore, WaitGroup } from 'warren'
import { type Body, inBothStyles, on } from '../support/styles.ts'

/** One round of something that never waits. */
const rounds: Readonly<Record<string, () => () => Body>> = {
  'Mutex.lock': () => {
    const mu = new Mutex()
    return function* () {
      using _ = yield* on(mu.lock())
    }
  },
  'RWMutex.rLock and lock': () => {
    const rw = new RWMutex()
    return function* () {
      ;(yield* on(rw.rLock()))[Symbol.dispose]()
      ;(yield* on(rw.lock()))[Symbol.dispose]()
    }
  },
  'Semaphore.acquire': () => {
    const sem = new Semaphore(1)
    return function* () {
      using _ = yield* on(sem.acquire())
    }
  },
  'WaitGroup.wait': () => {
    const wg = new WaitGroup()
    return function* () {
      yield* on(wg.wait())
    }
  },
  'Once.do': () => {
    const once = new Once()
    return function* () {
      yield* on(once.do(() => {}))
    }
  },
  'a function of onceFunc': () => {
    const fn = onceFunc(() => {})
    return function* () {
      yield* on(fn())
    }
  },
  'Group.go and wait': () => {
    const group = new Group()
    return function* () {
      yield* on(group.go(() => {}))
      yield* on(group.wait())
    }
  },
}

describe('a timer fires beside a loop of', () => {
  for (const [name, make] of Object.entries(rounds)) {
    inBothStyles(name, function* () {
      const round = make()
      let hasFired = false
      setTimeout(() => {
        hasFired = true
      }, 1)
      while (!hasFired) yield* round()
    })
  }

  inBothStyles('two goroutines that wake each other by a Cond', function* (style) {
    const mu = new Mutex()
    const cond = new Cond(mu)
    let hasFired = false
    setTimeout(() => {
      hasFired = true
    }, 1)
    const player = function* (): Body {
      using _ = yield* on(mu.lock())
      while (!hasFired) {
        cond.signal()
        yield* on(cond.wait())
      }
      cond.signal()
    }
    const both = [style.go(player), style.go(player)]
    for (const goroutine of both) yield* on(goroutine.join())
  })
})
