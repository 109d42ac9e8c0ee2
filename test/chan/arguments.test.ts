// Misuse by arguments. A blocking call has one channel for its errors: outside a generator goroutine they come as a
// rejection, never as a throw; inside one they are thrown at the call.

import { describe, expect, test } from 'vitest'
import { chan, go, never, type Operation, select, wait } from 'warren'
import { chan as makeChan } from '../../src/chan/make-chan.ts'

describe('chan()', () => {
  const wrong: Record<string, readonly [unknown, string]> = {
    'a string': ['5', 'ERR_INVALID_ARG_TYPE'],
    null: [null, 'ERR_INVALID_ARG_TYPE'],
    'a bigint': [5n, 'ERR_INVALID_ARG_TYPE'],
    'a function': [() => {}, 'ERR_INVALID_ARG_TYPE'],
    'options without a capacity': [{}, 'ERR_INVALID_ARG_TYPE'],
    'a capacity of another type': [{ capacity: '1' }, 'ERR_INVALID_ARG_TYPE'],
    'an unknown overflow': [{ capacity: 1, overflow: 'explode' }, 'ERR_INVALID_ARG_TYPE'],
    'a negative capacity': [-1, 'ERR_CHAN_SIZE'],
    'a fraction': [{ capacity: 0.5 }, 'ERR_CHAN_SIZE'],
  }
  for (const [name, [value, code]] of Object.entries(wrong)) {
    test(`of ${name} throws ${code}`, () => {
      expect(() => makeChan(value as number)).toThrow(expect.objectContaining({ code }))
    })
  }

  test('of undefined is unbuffered', () => {
    expect(chan(undefined).capacity).toBe(0)
    expect(chan({ capacity: 2, overflow: undefined as never }).capacity).toBe(2)
  })
})

const calls: Record<string, (ctx: never) => Operation<unknown>> = {
  send: (ctx) => chan<number>().send(1, ctx),
  sendMany: (ctx) => chan<number>().sendMany([1], ctx),
  receive: (ctx) => chan<number>().receive(ctx),
  next: (ctx) => chan<number>().next(ctx),
  receiveMany: (ctx) => chan<number>().receiveMany(1, ctx),
  select: (ctx) => select({ ch: chan() }, { ctx }),
  join: (ctx) => go(() => 1).join(ctx),
  wait: (ctx) => wait(Promise.resolve(), ctx),
  'receive on the nil channel': (ctx) => never.receive(ctx),
}

for (const wrong of [null, 5, 'ctx', {}, { aborted: true }]) {
  describe(`a context that is none: ${JSON.stringify(wrong)}`, () => {
    for (const [name, call] of Object.entries(calls)) {
      test(`fails in a generator goroutine at the call of ${name}`, async () => {
        const goroutine = go(function* () {
          try {
            call(wrong as never)
          } catch (error) {
            return error
          }
          return undefined
        })
        expect(await goroutine.join()).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      })

      test(`fails elsewhere as a rejection of ${name}`, async () => {
        let operation: Operation<unknown> | undefined
        expect(() => {
          operation = call(wrong as never)
        }).not.toThrow()
        await expect(operation).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      })
    }
  })
}
