import { describe, expect } from 'vitest'
import { chan, gosched, Mutex, type PanicCode, PanicError, RWMutex, type SendChan, select } from 'warren'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

function* hammer(mu: Mutex, loops: number, done: SendChan<void>): Body {
  for (let i = 0; i < loops; i++) {
    if (i % 3 === 0) {
      if (mu.tryLock()) mu.unlock()
      continue
    }
    yield* on(mu.lock())
    mu.unlock()
  }
  yield* on(done.send())
}

// Go: sync/mutex_test.go, TestMutex
describe('Mutex', () => {
  inBothStyles('is taken by tryLock only while it is free', function* () {
    const mu = new Mutex()
    yield* on(mu.lock())
    expect(mu.tryLock()).toBe(false)
    mu.unlock()
    expect(mu.tryLock()).toBe(true)
    mu.unlock()
  })

  inBothStyles('survives ten goroutines that hammer on it', function* (style) {
    const mu = new Mutex()
    const done = chan<void>()
    for (let i = 0; i < 10; i++) style.go(hammer, mu, 1000, done)
    for (let i = 0; i < 10; i++) yield* on(done.receive())
    expect(mu.tryLock()).toBe(true)
  })

  // Go: sync/mutex_test.go, TestMutexFairness
  inBothStyles(
    'reaches a goroutine that wants it now and then, beside one that has it nearly always',
    function* (style) {
      const mu = new Mutex()
      const stop = chan<never>()
      const done = chan<boolean>(1)
      style.go(function* greedy(): Body {
        for (;;) {
          yield* on(mu.lock())
          yield* on(gosched())
          mu.unlock()
          if (stop.tryReceive() !== undefined) return
        }
      })
      style.go(function* modest(): Body {
        for (let i = 0; i < 10; i++) {
          yield* on(gosched())
          yield* on(mu.lock())
          mu.unlock()
        }
        yield* on(done.send(true))
      })
      expect((yield* on(select({ done }))).case).toBe('done')
      stop.close()
    },
  )
})

interface Misuse {
  readonly name: string
  readonly code: PanicCode
  readonly message: string
  run(): Body
}

const ofMutex = { code: 'ERR_UNLOCK_UNLOCKED', message: 'sync: unlock of unlocked mutex' } as const
const ofWriter = { code: 'ERR_RW_UNLOCK_UNLOCKED', message: 'sync: Unlock of unlocked RWMutex' } as const
const ofReader = { code: 'ERR_RW_RUNLOCK_UNLOCKED', message: 'sync: RUnlock of unlocked RWMutex' } as const

const misuses: readonly Misuse[] = [
  {
    ...ofMutex,
    name: 'Mutex.unlock of a new one',
    *run() {
      new Mutex().unlock()
    },
  },
  {
    ...ofMutex,
    name: 'Mutex.unlock, the second',
    *run() {
      const mu = new Mutex()
      yield* on(mu.lock())
      mu.unlock()
      mu.unlock()
    },
  },
  {
    ...ofWriter,
    name: 'RWMutex.unlock of a new one',
    *run() {
      new RWMutex().unlock()
    },
  },
  {
    ...ofWriter,
    name: 'RWMutex.unlock while it is locked for reading',
    *run() {
      const rw = new RWMutex()
      yield* on(rw.rLock())
      rw.unlock()
    },
  },
  {
    ...ofWriter,
    name: 'RWMutex.unlock, the second',
    *run() {
      const rw = new RWMutex()
      yield* on(rw.lock())
      rw.unlock()
      rw.unlock()
    },
  },
  {
    ...ofReader,
    name: 'RWMutex.rUnlock of a new one',
    *run() {
      new RWMutex().rUnlock()
    },
  },
  {
    ...ofReader,
    name: 'RWMutex.rUnlock while it is locked for writing',
    *run() {
      const rw = new RWMutex()
      yield* on(rw.lock())
      rw.rUnlock()
    },
  },
  {
    ...ofReader,
    name: 'RWMutex.rUnlock, the second',
    *run() {
      const rw = new RWMutex()
      yield* on(rw.rLock())
      rw.rUnlock()
      rw.rUnlock()
    },
  },
]

// Go: sync/mutex_test.go, TestMutexMisuse
describe('misuse of a lock', () => {
  for (const { name, code, message, run } of misuses) {
    inBothStyles(`panics at the call: ${name}`, function* (style) {
      let thrown: unknown
      try {
        yield* on(style.go(run).join())
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(PanicError)
      expect(thrown).toMatchObject({ code, message })
    })
  }
})
