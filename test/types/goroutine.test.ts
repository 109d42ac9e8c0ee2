// Types of goroutines and operations. `npm run types` checks them; run, the functions are never called.

import { describe, expectTypeOf, test } from 'vitest'
import { chan, type Goroutine, go, type Operation, wait } from 'warren'

interface Dog {
  readonly barks: true
}

/** Holds what must compile (or not), and never runs. */
function compiles(_: () => unknown): void {}

describe('operations', () => {
  test('are promises, and can be delegated to', () => {
    expectTypeOf<Operation<number>>().toExtend<Promise<number>>()
    compiles(() => {
      const operation = {} as Operation<number>
      function* body() {
        const value = yield* operation
        expectTypeOf(value).toEqualTypeOf<number>()
        return value
      }
      async function helper() {
        expectTypeOf(await operation).toEqualTypeOf<number>()
      }
      return [body, helper]
    })
  })

  test('a promise is no operation', () => {
    compiles(() => {
      go(function* () {
        // @ts-expect-error a promise has no iterator: wait(promise)
        yield* Promise.resolve(1)
      })
      go(function* () {
        expectTypeOf(yield* wait(Promise.resolve(1))).toEqualTypeOf<number>()
      })
    })
  })

  test('yield* infers what each operation gives', () => {
    compiles(() => {
      const [numbers, dogs] = [chan<number>(), chan<Dog>()]
      const goroutine = go(function* () {
        const value = yield* numbers.receive()
        expectTypeOf(value).toEqualTypeOf<number | undefined>()
        const { value: dog, done } = yield* dogs.next()
        expectTypeOf(dog).toEqualTypeOf<Dog | undefined>()
        const batch = yield* dogs.receiveMany()
        expectTypeOf(batch).toEqualTypeOf<Dog[]>()
        expectTypeOf(yield* numbers.send(1)).toEqualTypeOf<void>()
        return { value, done }
      })
      expectTypeOf(goroutine).toEqualTypeOf<Goroutine<{ value: number | undefined; done: boolean | undefined }>>()
    })
  })
})

describe('go', () => {
  test('gives a goroutine of what its body returns, in every form', () => {
    compiles(() => {
      expectTypeOf(go(() => 1)).toEqualTypeOf<Goroutine<number>>()
      expectTypeOf(go(async () => 'text')).toEqualTypeOf<Goroutine<string>>()
      expectTypeOf(
        go(function* () {
          yield* chan<number>().receive()
          return true as const
        }),
      ).toEqualTypeOf<Goroutine<true>>()
      expectTypeOf(go(async () => {})).toEqualTypeOf<Goroutine<void>>()
      expectTypeOf(go(() => chan<number>().receive())).toEqualTypeOf<Goroutine<number | undefined>>()
    })
  })

  test('takes the arguments of its body', () => {
    compiles(() => {
      const add = (a: number, b: number): number => a + b
      expectTypeOf(go(add, 1, 2)).toEqualTypeOf<Goroutine<number>>()
      // @ts-expect-error
      go(add, 1)
      // @ts-expect-error
      go(add, 1, '2')
      // @ts-expect-error
      go(add, 1, 2, 3)
    })
  })

  test('join gives the result, in both styles', () => {
    compiles(() => {
      const goroutine = go(async () => 1)
      expectTypeOf(goroutine.join()).toEqualTypeOf<Operation<number>>()
      go(function* () {
        expectTypeOf(yield* goroutine.join()).toEqualTypeOf<number>()
      })
    })
  })

  test('needs a function', () => {
    compiles(() => {
      // @ts-expect-error
      go(undefined)
      // @ts-expect-error
      go(Promise.resolve())
    })
  })
})
