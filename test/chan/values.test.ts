// Invariant 2: anything is an ordinary value. Only an awaited `receive` or `join` adopts a thenable, as JavaScript does.

import { describe, expect, test } from 'vitest'
import { type Chan, chan, go, select, sending, trySelect } from 'warren'
import { receiveForms, sendForms } from '../support/forms.ts'
import { buffered, unbuffered } from '../support/kinds.ts'
import { asyncStyle, idle, styles } from '../support/styles.ts'

class Sub<T> extends Promise<T> {}

const thenable = { then: (resolve: (value: number) => void) => resolve(1) }
const never = { then() {} }

/** Whatever happens to them, they must come out as they went in. */
const ordinary: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  'negative zero': () => -0,
  'an empty string': () => '',
  false: () => false,
  'a bigint': () => 2n ** 70n,
  'a symbol': () => Symbol('value'),
  'a function': () => () => 1,
  'an async function': () => async () => 1,
  'a class': () => Sub,
  'an array': () => [],
  'an error': () => new Error('only a value'),
  'a channel': () => chan(),
  'an iterator result': () => ({ value: 1, done: true }),
  'a frozen object': () => Object.freeze({}),
  'an object without a prototype': () => Object.create(null) as unknown,
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  },
}

const promises: Record<string, () => unknown> = {
  'a resolved promise': () => Promise.resolve(1),
  'a frozen promise': () => Object.freeze(Promise.resolve(1)),
  'a promise of a subclass': () => Sub.resolve(1),
  'a rejected promise': () => {
    const promise = Promise.reject(new Error('mine'))
    promise.catch(() => {})
    return promise
  },
  'a pending promise': () => new Promise(() => {}),
  'a thenable': () => thenable,
  'a thenable that never settles': () => never,
  'an operation': () => chan(1).send(1),
}

const kinds = [unbuffered, ...buffered]

/** Sends by one form, received by the other; the receiver comes first, or the sender. */
async function pass(
  value: unknown,
  send: string,
  receive: string,
  ch: Chan<unknown>,
  receiverFirst: boolean,
): Promise<unknown[]> {
  const box: unknown[] = []
  const [sender, receiver] = [sendForms[send]!, receiveForms[receive]!]
  const receiving = function* () {
    // In a box: a goroutine's result is adopted too, where its join is awaited.
    box.push((yield* receiver(ch)).value)
  }
  const start = [() => go(() => sender(ch, value)), () => go(receiving)]
  if (receiverFirst) start.reverse()
  for (const each of start) {
    each()
    await idle()
  }
  expect(box).toHaveLength(1)
  return box
}

for (const [name, make] of Object.entries({ ...ordinary, ...promises })) {
  test(`${name} comes out of a generator goroutine's receive as it went in`, async () => {
    for (const kind of kinds) {
      for (const send of Object.keys(sendForms)) {
        for (const receive of Object.keys(receiveForms)) {
          for (const receiverFirst of [true, false]) {
            const value = make()
            const [got] = await pass(value, send, receive, kind.make(), receiverFirst)
            expect(Object.is(got, value), `${kind.name}, ${send}, ${receive}`).toBe(true)
          }
        }
      }
    }
  })

  test(`${name} comes out of the other forms as it went in, awaited or not`, async () => {
    const value = make()
    const ch = chan<unknown>(1)
    const put = async (): Promise<void> => {
      expect(trySelect({ sent: sending(ch, value) })).toBeDefined()
    }
    await put()
    expect(Object.is(ch.tryReceive()!.value, value)).toBe(true)
    await put()
    expect(Object.is(trySelect({ ch })!.value, value)).toBe(true)
    await put()
    expect(Object.is((await ch.next()).value, value)).toBe(true)
    await put()
    expect(Object.is((await ch.receiveMany())[0], value)).toBe(true)
    await put()
    expect(Object.is((await select({ ch })).value, value)).toBe(true)
    await put()
    ch.close()
    for await (const each of ch) expect(Object.is(each, value)).toBe(true)
  })
}

for (const [name, make] of Object.entries(ordinary)) {
  test(`${name} comes out of an awaited receive as it went in`, async () => {
    // A promise must look for `then` on whatever it is resolved with.
    if (name === 'a revoked proxy') return
    for (const waits of [true, false]) {
      const value = make()
      const ch = chan<unknown>(1)
      const receiving = waits ? ch.receive() : undefined
      ch.trySend(value)
      expect(Object.is(await (receiving ?? ch.receive()), value)).toBe(true)
    }
  })
}

describe('a thenable', () => {
  for (const waits of [true, false]) {
    const when = waits ? 'that waits' : 'that finds it'
    const receive = (value: unknown): Promise<unknown> => {
      const ch = chan<unknown>(1)
      const receiving = waits ? ch.receive() : undefined
      ch.trySend(value)
      return receiving ?? ch.receive()
    }

    test(`is adopted by an awaited receive ${when}`, async () => {
      expect(await receive(thenable)).toBe(1)
      expect(await receive(Promise.resolve(2))).toBe(2)
      expect(await receive(Object.freeze(Promise.resolve(3)))).toBe(3)
      await expect(receive(Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    })

    test(`is left as it is, when a receive ${when} adopts it`, async () => {
      const promise = Promise.resolve(1)
      await receive(promise)
      expect(Reflect.ownKeys(promise)).toEqual([])
    })
  }

  for (const style of styles) {
    test(`as the result of a goroutine is adopted by an awaited join (${style.name})`, async () => {
      const goroutine = style.go(function* () {
        return thenable as unknown
      })
      expect(await goroutine.join()).toBe(1)
    })
  }

  test('as the result of a generator goroutine is left alone by yield* of its join', async () => {
    const inner = go(function* () {
      return thenable as unknown
    })
    const got = go(function* () {
      const result = yield* inner.join()
      return [result]
    })
    expect((await got.join())[0]).toBe(thenable)
  })
})

// medium: returning a channel from an async function hangs, because its channels are thenables.
test('a channel is no thenable: an async function can return one', async () => {
  const ch = chan<number>()
  expect('then' in ch).toBe(false)
  expect(await (async () => ch)()).toBe(ch)
  expect(
    await asyncStyle
      .go(function* () {
        return ch
      })
      .join(),
  ).toBe(ch)
})
