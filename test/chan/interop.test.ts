// The two styles of goroutines on one channel, and operations that are made in one place and waited for in another.

import { describe, expect, test } from 'vitest'
import { chan, type Goroutine, go, gosched, type Operation, wait } from 'warren'
import { scheduler } from '../../src/runtime/runtime.ts'
import { receiveForms, sendForms } from '../support/forms.ts'
import { expectNoWaiters, lossless } from '../support/kinds.ts'
import { type Body, idle, inEveryPair, Outcome, on } from '../support/styles.ts'

for (const kind of lossless) {
  describe(`a ${kind.name} channel`, () => {
    for (const [sendForm, send] of Object.entries(sendForms)) {
      for (const [receiveForm, receive] of Object.entries(receiveForms)) {
        inEveryPair(`carries values from ${sendForm} to ${receiveForm}`, function* (one, other) {
          const ch = kind.make<number>()
          const count = 20
          const sender = one.go(function* () {
            for (let i = 0; i < count; i++) yield* send(ch, i)
            ch.close()
          })
          const receiver = other.go(function* () {
            const values: number[] = []
            for (;;) {
              const { value, ok } = yield* receive(ch)
              if (!ok) return values
              values.push(value!)
            }
          })
          yield* on(sender.join())
          expect(yield* on(receiver.join())).toEqual(Array.from({ length: count }, (_, i) => i))
          expectNoWaiters(ch)
        })
      }
    }
  })
}

describe("an async helper in a generator goroutine's synchronous part", () => {
  test('may await operations that finish at once, that wait, and that fail', async () => {
    const [ready, later, closed] = [chan<number>(1), chan<number>(), chan<number>()]
    ready.trySend(1)
    closed.close()
    const helper = async (): Promise<unknown[]> => {
      // Called before the first await: made as the goroutine's own, awaited as promises.
      const [first, second] = [ready.receive(), later.receive()]
      const third = (async () => closed.send(9))().catch((error: { code: string }) => error.code)
      return [await first, await second, await third]
    }
    const goroutine = go(function* () {
      return yield* wait(helper())
    })
    await later.send(2)
    expect(await goroutine.join()).toEqual([1, 2, 'ERR_SEND_CLOSED'])
  })

  test('may use then, catch and finally of an operation', async () => {
    const ch = chan<number>()
    let finished = 0
    const goroutine = go(function* () {
      const operation = ch.receive()
      const doubled = operation.finally(() => finished++).then((value) => value! * 2)
      return yield* wait(doubled.catch(() => -1))
    })
    await ch.send(21)
    expect([await goroutine.join(), finished]).toEqual([42, 1])
  })

  test('may use an operation in Promise.all', async () => {
    const channels = [chan<number>(), chan<number>()]
    const goroutine = go(function* () {
      return yield* wait(Promise.all(channels.map((ch) => ch.receive())))
    })
    for (const [i, ch] of channels.entries()) await ch.send(i)
    expect(await goroutine.join()).toEqual([0, 1])
  })

  test('may iterate a channel', async () => {
    const ch = chan<number>()
    const goroutine = go(function* () {
      const helper = async (): Promise<number> => {
        let sum = 0
        for await (const value of ch) sum += value
        return sum
      }
      return yield* wait(helper())
    })
    await ch.sendMany([1, 2, 3])
    ch.close()
    expect(await goroutine.join()).toBe(6)
  })

  test('counts for the dump as long as it waits, and no longer', async () => {
    const before = [...scheduler.unownedWaits]
    const ch = chan<number>()
    const goroutine = go(function* () {
      return yield* wait((async () => ch.receive())())
    })
    await idle()
    await ch.send(1)
    await goroutine.join()
    await idle()
    expect([...scheduler.unownedWaits]).toEqual(before)
  })

  test('may give way', async () => {
    const goroutine = go(function* () {
      const helper = (async () => {
        await gosched()
        return 1
      })()
      return yield* wait(helper)
    })
    const outcome = new Outcome(goroutine.join())
    await idle()
    expect(outcome.value).toBe(1)
  })
})

describe('an operation made elsewhere', () => {
  test('outside, may be yielded inside: pending, finished and failed ones', async () => {
    const [pending, ready, closed] = [chan<number>(), chan<number>(1), chan<number>()]
    ready.trySend(2)
    closed.close()
    const made: readonly Operation<unknown>[] = [pending.receive(), ready.receive(), ready.send(3), closed.send(4)]
    made[3]!.catch(() => {})
    const goroutine = go(function* () {
      const results: unknown[] = []
      for (const operation of made.slice(0, 3)) results.push(yield* operation)
      try {
        yield* made[3]!
      } catch (error) {
        results.push((error as { code: string }).code)
      }
      return results
    })
    await idle()
    await pending.send(1)
    expect(await goroutine.join()).toEqual([1, 2, undefined, 'ERR_SEND_CLOSED'])
  })

  test('in a generator goroutine, may be awaited outside', async () => {
    const ch = chan<number>()
    const operations = chan<readonly [Operation<number | undefined>]>(1)
    go(function* () {
      yield* operations.send([ch.receive()])
    })
    const [operation] = (await operations.receive())!
    ch.trySend(5)
    expect(await operation).toBe(5)
  })

  test('in one generator goroutine, may be yielded by another', async () => {
    const ch = chan<number>()
    const operations = chan<readonly [Operation<number | undefined>]>(1)
    go(function* () {
      yield* operations.send([ch.receive()])
    })
    const other = go(function* () {
      const [operation] = (yield* operations.receive())!
      return yield* operation
    })
    await ch.send(6)
    expect(await other.join()).toBe(6)
  })

  test('a generator goroutine may store it and yield it later, finished meanwhile or not', async () => {
    const ch = chan<number>()
    const goroutine = go(function* () {
      const [first, second, third] = [ch.receive(), ch.next(), ch.receiveMany()]
      expect(ch.trySend(1)).toBe(true)
      const results = [yield* first]
      // Twice: like a promise, it keeps its result.
      results.push(yield* first)
      yield* gosched()
      return [...results, yield* second, yield* third]
    })
    await idle()
    await ch.send(2)
    await ch.send(3)
    expect(await goroutine.join()).toEqual([1, 1, { value: 2, done: false }, [3]])
  })

  test('several that are pending at once end in the order of their values, not of their yields', async () => {
    const [a, b] = [chan<string>(), chan<string>()]
    const goroutine = go(function* () {
      const [first, second] = [a.receive(), b.receive()]
      return [yield* second, yield* first]
    })
    await b.send('b')
    await a.send('a')
    expect(await goroutine.join()).toEqual(['b', 'a'])
  })

  test('a plain generator that is no goroutine cannot yield* it', () => {
    const iterate = (): unknown => {
      const operation = chan(1).send(1)
      return [...(operation as unknown as Iterable<unknown>)]
    }
    expect(iterate).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPERATION' }))
  })
})

describe('one operation and two that wait for it', () => {
  async function twice(
    first: (operation: Operation<unknown>) => Goroutine<unknown>,
    second: typeof first,
  ): Promise<Outcome<unknown>[]> {
    const ch = chan<number>()
    const operations = chan<readonly [Operation<unknown>]>(1)
    go(function* () {
      yield* operations.send([ch.receive()])
    })
    const [operation] = (await operations.receive())!
    const outcomes = [new Outcome(first(operation).join())]
    await idle()
    outcomes.push(new Outcome(second(operation).join()))
    await idle()
    ch.trySend(7)
    await idle()
    return outcomes
  }
  const yielding = (operation: Operation<unknown>) =>
    go(function* () {
      return yield* operation
    })
  const awaiting = (operation: Operation<unknown>) => go(async () => operation)

  test('two that await it both get the value', async () => {
    expect((await twice(awaiting, awaiting)).map(({ value }) => value)).toEqual([7, 7])
  })

  for (const [name, first, second] of [
    ['two goroutines that yield it', yielding, yielding],
    ['one that yields it and one that awaits it', yielding, awaiting],
    ['one that awaits it and one that yields it', awaiting, yielding],
  ] as const) {
    test(`${name}: the first gets the value, the second an error`, async () => {
      const [one, other] = await twice(first, second)
      expect(one!.value).toBe(7)
      expect(other!.error).toMatchObject({ code: 'ERR_INVALID_OPERATION' })
    })
  }
})

describe('yield without the star', () => {
  const mistakes: Record<string, () => unknown> = {
    'a plain value': () => 5,
    undefined: () => undefined,
    'a promise': () => Promise.resolve(1),
    'an operation': () => chan(1).send(1),
    'an operation that waits': () => chan().receive(),
  }
  for (const [name, make] of Object.entries(mistakes)) {
    test(`of ${name} throws at that place`, async () => {
      const goroutine = go(function* (): Body<unknown> {
        try {
          yield make() as never
          return 'went on'
        } catch (error) {
          return error
        }
      })
      expect(await goroutine.join()).toMatchObject({
        code: 'ERR_INVALID_OPERATION',
        message: expect.stringContaining('yield*'),
      })
    })
  }

  test('may be caught, and the goroutine goes on with what it can wait for', async () => {
    const ch = chan<number>()
    const controller = new AbortController()
    const goroutine = go(function* (): Body<unknown> {
      let mistakes = 0
      for (let i = 0; i < 3; i++) {
        try {
          yield i as never
        } catch {
          mistakes++
        }
      }
      let code: unknown
      try {
        yield* ch.receive(controller.signal)
      } catch (error) {
        code = (error as { code: string }).code
      }
      return [mistakes, code, yield* ch.receive()]
    })
    await idle()
    controller.abort()
    await ch.send(8)
    expect(await goroutine.join()).toEqual([3, 'ERR_CONTEXT_CANCELED', 8])
  })
})
