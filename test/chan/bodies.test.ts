// What a goroutine's function may return, well-behaved or not: one goroutine must not be able to stop all the others.

import { describe, expect, test } from 'vitest'
import { chan, type Goroutine, go, numGoroutine, type Operation, select } from 'warren'
import { type Body, idle, Outcome } from '../support/styles.ts'

async function ended(goroutine: Goroutine<unknown>): Promise<Outcome<unknown>> {
  const outcome = new Outcome(goroutine.join())
  await idle()
  // The runtime goes on.
  expect(await go(() => 1).join()).toBe(1)
  return outcome
}

function thenable(
  then: (resolve: (value: number) => void, reject: (error: unknown) => void) => void,
): PromiseLike<number> {
  return { then } as unknown as PromiseLike<number>
}

describe('a thenable', () => {
  test('is waited for like a promise', async () => {
    const before = numGoroutine()
    const outcome = await ended(go(() => thenable((resolve) => setImmediate(resolve, 5))))
    await idle()
    expect([outcome.value, numGoroutine()]).toEqual([5, before])
  })

  test('whose then throws fails its goroutine only', async () => {
    const outcome = await ended(
      go(() =>
        thenable(() => {
          throw new RangeError('then failed')
        }),
      ),
    )
    expect(outcome.error).toBeInstanceOf(RangeError)
  })

  test('that settles again and again settles once', async () => {
    const before = numGoroutine()
    const outcome = await ended(
      go(() =>
        thenable((resolve, reject) => {
          resolve(1)
          resolve(2)
          reject(new Error('late'))
        }),
      ),
    )
    expect([outcome.value, numGoroutine()]).toEqual([1, before])
  })
})

describe('an object that throws when it is looked at', () => {
  const hostile: Record<string, () => object> = {
    'a getter of then': () => ({
      get then(): never {
        throw new RangeError('hostile')
      },
    }),
    'a revoked proxy': () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    },
  }
  for (const [name, make] of Object.entries(hostile)) {
    test(`fails its goroutine only: ${name}`, async () => {
      const outcome = await ended(go(make))
      expect(outcome.state).toBe('failed')
    })
  }
})

describe('a generator', () => {
  test('that was made elsewhere is run as the goroutine', async () => {
    const ch = chan<number>()
    function* body() {
      return (yield* ch.receive())! + 1
    }
    const made = body()
    const goroutine = go(() => made)
    await ch.send(1)
    expect(await goroutine.join()).toBe(2)
  })

  test('that is run already cannot be run twice', async () => {
    const ch = chan<number>()
    const made = (function* () {
      yield* ch.receive()
    })()
    const first = new Outcome(go(() => made).join())
    await idle()
    const second = await ended(go(() => made))
    expect([first.state, second.state]).not.toEqual(['pending', 'pending'])
  })

  test('of the asynchronous sort is refused', async () => {
    const outcome = await ended(
      go(async function* () {
        yield 1
      }),
    )
    expect(outcome.error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  })

  // Hands on `next` alone, as a helper that wraps iterators may do. A kill then reaches the body as a TypeError.
  function wrapped(operation: Operation<unknown>): Body<unknown> {
    const iterator = operation[Symbol.iterator]()
    return { [Symbol.iterator]: () => ({ next: () => iterator.next() }) } as unknown as Body<unknown>
  }

  test('may wait through an iterator of its own around an operation, and be killed in it', async () => {
    const ch = chan<number>()
    const steps: unknown[] = []
    const goroutine = go(function* () {
      try {
        for (;;) steps.push(yield* wrapped(ch.receive()))
      } finally {
        steps.push('finally')
      }
    })
    await ch.send(1)
    await idle()
    goroutine.kill()
    const outcome = await ended(goroutine)
    expect(steps).toEqual([1, 'finally'])
    expect(outcome.error).toMatchObject({ code: 'ERR_KILLED' })
  })
})

describe('a plain function', () => {
  test('may return anything else', async () => {
    for (const value of [undefined, null, 0, '', Symbol('s'), [], () => 1, new Map(), chan()]) {
      expect((await ended(go(() => value))).value).toBe(value)
    }
  })

  test('may start what it does not wait for', async () => {
    const ch = chan<number>()
    const goroutine = go(() => {
      void ch.send(1)
      void select({ never: chan() })
    })
    await goroutine.join()
    expect(await ch.receive()).toBe(1)
  })
})
