import { describe, expect } from 'vitest'
import { chan, goexit, Once, type Operation, onceFunc, onceValue, WaitGroup, wait } from 'warren'
import { Canary, collectGarbage } from '../../support/gc.ts'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

describe('Once', () => {
  // Go: sync/once_test.go, TestOnce
  inBothStyles('runs its function once for ten goroutines, and they all see what it did', function* (style) {
    let value = 0
    const once = new Once()
    const c = chan<boolean>()
    for (let i = 0; i < 10; i++) {
      style.go(function* (): Body {
        yield* on(once.do(() => void value++))
        expect(value).toBe(1)
        yield* on(c.send(true))
      })
    }
    for (let i = 0; i < 10; i++) yield* on(c.receive())
    expect(value).toBe(1)
  })

  // Go: sync/once_test.go, TestOncePanic
  inBothStyles('throws what its function throws, and does not call another', function* () {
    const once = new Once()
    yield* expectThrow(
      () =>
        once.do(() => {
          throw new Error('failed')
        }),
      'failed',
    )
    yield* on(
      once.do(() => {
        throw new Error('called twice')
      }),
    )
  })
})

function* expectThrow(call: () => Operation<unknown>, message: string): Body {
  let thrown: unknown
  try {
    yield* on(call())
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ message })
}

describe('onceFunc and onceValue', () => {
  // Go: sync/oncefunc_test.go, TestOnceFunc and TestOnceValue
  inBothStyles('call their function once', function* () {
    let calls = 0
    const f = onceFunc(() => {
      calls++
    })
    for (let i = 0; i < 10; i++) yield* on(f())
    expect(calls).toBe(1)
    let values = 0
    const g = onceValue(() => ++values)
    for (let i = 0; i < 10; i++) expect(yield* on(g())).toBe(1)
    expect(values).toBe(1)
  })

  // Go: sync/oncefunc_test.go, TestOnceFuncPanic, TestOnceValuePanic and TestOnceFuncPanicTraceback
  inBothStyles('throw the same error at every call, with the stack of the first', function* () {
    for (const make of [onceFunc, onceValue]) {
      let calls = 0
      const f = make(function thrower() {
        calls++
        throw new Error('x')
      })
      const errors: unknown[] = []
      for (let i = 0; i < 2; i++) {
        try {
          yield* on(f())
        } catch (error) {
          errors.push(error)
        }
      }
      expect(errors).toHaveLength(2)
      expect(errors[0]).toBe(errors[1])
      expect((errors[0] as Error).stack).toContain('thrower')
      expect(calls).toBe(1)
    }
  })

  // Go: sync/oncefunc_test.go, TestOnceFuncPanicNil
  inBothStyles('throw also undefined at every call', function* () {
    const f = onceFunc(() => {
      throw undefined
    })
    let count = 0
    for (let i = 0; i < 2; i++) {
      try {
        yield* on(f())
      } catch (error) {
        expect(error).toBe(undefined)
        count++
      }
    }
    expect(count).toBe(2)
  })

  // Go: sync/oncefunc_test.go, TestOnceFuncGoexit
  inBothStyles('do not call a function again that ended by goexit', function* (style) {
    let calls = 0
    let ended = 0
    const f = onceFunc(() => {
      calls++
      goexit()
    })
    for (let i = 0; i < 2; i++) {
      const wg = new WaitGroup()
      wg.add(1)
      style.go(function* (): Body {
        try {
          yield* on(f())
          expect.unreachable()
        } finally {
          ended++
          wg.done()
        }
      })
      yield* on(wg.wait())
    }
    expect([calls, ended]).toEqual([1, 2])
  })

  // Go: sync/oncefunc_test.go, TestOnceXGC
  for (const fails of [false, true]) {
    inBothStyles(`let go of their function when it has ${fails ? 'failed' : 'ended'}`, function* () {
      const canary = new Canary()
      const f = onceValue(holder(canary.hatch(), fails))
      collectGarbage()
      expect(yield* on(wait(canary.collected(1, 3))), 'not before it was called').toBe(0)
      yield* settled(f)
      expect(yield* on(wait(canary.collected(1))), 'after it was called').toBe(1)
      yield* settled(f)
    })
  }
})

function holder(object: object, fails: boolean): () => number {
  return () => {
    if (fails) throw new Error('test panic')
    return Object.keys(object).length
  }
}

function* settled(call: () => Operation<unknown>): Body {
  try {
    yield* on(call())
  } catch {
    // It was to end, whichever way.
  }
}
