// Types of channels and goroutines. `npm run types` checks them; run, the functions are never called.

import { describe, expectTypeOf, test } from 'vitest'
import { type Chan, type Context, chan, never, type Operation, type ReceiveChan, type SendChan } from 'warren'

interface Animal {
  readonly name: string
}
interface Dog extends Animal {
  readonly barks: true
}

/** Holds what must compile (or not), and never runs. */
function compiles(_: () => unknown): void {}

// Go: test/chan/perm.go
describe('the two ends of a channel', () => {
  test('a channel is either end, and an end is no channel', () => {
    compiles(() => {
      const both: Chan<number> = chan()
      const receiving: ReceiveChan<number> = both
      const sendingEnd: SendChan<number> = both
      // @ts-expect-error the receiving end is not the whole channel
      const a: Chan<number> = receiving
      // @ts-expect-error nor is the sending end
      const b: Chan<number> = sendingEnd
      // @ts-expect-error the ends are not each other
      const c: ReceiveChan<number> = sendingEnd
      // @ts-expect-error
      const d: SendChan<number> = receiving
      return [a, b, c, d]
    })
  })

  test('the receiving end cannot send or close', () => {
    compiles(() => {
      const receiving: ReceiveChan<number> = chan<number>()
      receiving.receive()
      receiving.next()
      receiving.receiveMany()
      receiving.tryReceive()
      // @ts-expect-error
      receiving.send(1)
      // @ts-expect-error
      receiving.trySend(1)
      // @ts-expect-error
      receiving.sendMany([1])
      // @ts-expect-error
      receiving.close()
    })
  })

  test('the sending end cannot receive or iterate', () => {
    compiles(async () => {
      const sendingEnd: SendChan<number> = chan<number>()
      sendingEnd.send(1)
      sendingEnd.trySend(1)
      sendingEnd.sendMany([1])
      sendingEnd.close()
      // @ts-expect-error
      sendingEnd.receive()
      // @ts-expect-error
      sendingEnd.next()
      // @ts-expect-error
      sendingEnd.receiveMany()
      // @ts-expect-error
      sendingEnd.tryReceive()
      // @ts-expect-error
      for await (const _ of sendingEnd);
    })
  })

  test('length and capacity are there at both ends, and cannot be set', () => {
    compiles(() => {
      const ch = chan<number>()
      expectTypeOf(ch.length).toEqualTypeOf<number>()
      // @ts-expect-error
      ch.length = 0
      // @ts-expect-error
      ch.capacity = 0
    })
  })
})

describe('variance', () => {
  test('what receives dogs receives animals; what sends animals sends dogs', () => {
    expectTypeOf<ReceiveChan<Dog>>().toExtend<ReceiveChan<Animal>>()
    expectTypeOf<ReceiveChan<Animal>>().not.toExtend<ReceiveChan<Dog>>()
    expectTypeOf<SendChan<Animal>>().toExtend<SendChan<Dog>>()
    expectTypeOf<SendChan<Dog>>().not.toExtend<SendChan<Animal>>()
  })

  test('a channel of dogs is neither a channel of animals nor of puppies', () => {
    expectTypeOf<Chan<Dog>>().not.toExtend<Chan<Animal>>()
    expectTypeOf<Chan<Animal>>().not.toExtend<Chan<Dog>>()
    expectTypeOf<Chan<Dog>>().toExtend<ReceiveChan<Animal>>()
    expectTypeOf<Chan<Animal>>().toExtend<SendChan<Dog>>()
    expectTypeOf<Chan<Dog>>().not.toExtend<SendChan<Animal>>()
  })

  test('also by assignment', () => {
    compiles(() => {
      const dogs = chan<Dog>()
      const animals: ReceiveChan<Animal> = dogs
      // @ts-expect-error a cat could be sent to them
      const sink: SendChan<Animal> = dogs
      // @ts-expect-error
      const both: Chan<Animal> = dogs
      return [animals, sink, both]
    })
  })

  test('a literal type is a type of its own', () => {
    expectTypeOf<Chan<'a'>>().not.toExtend<Chan<string>>()
    expectTypeOf<Chan<'a'>>().toExtend<ReceiveChan<string>>()
  })
})

describe('the results of operations', () => {
  test('of a channel of numbers', () => {
    expectTypeOf<Chan<number>['send']>().returns.toEqualTypeOf<Operation<void>>()
    expectTypeOf<Chan<number>['trySend']>().returns.toEqualTypeOf<boolean>()
    expectTypeOf<Chan<number>['receive']>().returns.toEqualTypeOf<Operation<number | undefined>>()
    expectTypeOf<Chan<number>['next']>().returns.toEqualTypeOf<Operation<IteratorResult<number, undefined>>>()
    expectTypeOf<Chan<number>['tryReceive']>().returns.toEqualTypeOf<
      { value: number; ok: true } | { value: undefined; ok: false } | undefined
    >()
  })

  test('next and tryReceive narrow by done and ok', () => {
    compiles(async () => {
      const ch = chan<number>()
      const result = await ch.next()
      if (result.done) expectTypeOf(result.value).toEqualTypeOf<undefined>()
      else expectTypeOf(result.value).toEqualTypeOf<number>()
      const got = ch.tryReceive()
      if (got?.ok) expectTypeOf(got.value).toEqualTypeOf<number>()
      else expectTypeOf(got?.value).toEqualTypeOf<undefined>()
    })
  })

  test('receiveMany takes a context in either place', () => {
    compiles(async () => {
      const ch = chan<number>()
      const ctx = {} as Context
      expectTypeOf(await ch.receiveMany()).toEqualTypeOf<number[]>()
      expectTypeOf(await ch.receiveMany(5)).toEqualTypeOf<number[]>()
      expectTypeOf(await ch.receiveMany(ctx)).toEqualTypeOf<number[]>()
      expectTypeOf(await ch.receiveMany(5, ctx)).toEqualTypeOf<number[]>()
      expectTypeOf(await ch.receiveMany(new AbortController().signal)).toEqualTypeOf<number[]>()
      // @ts-expect-error
      await ch.receiveMany('5')
    })
  })

  test('what is sent must be of the type', () => {
    compiles(() => {
      const ch = chan<number>()
      // @ts-expect-error
      ch.send('1')
      // @ts-expect-error
      ch.sendMany(['1'])
      // @ts-expect-error a string is iterable, but no iterable of numbers
      ch.sendMany('1')
      ch.sendMany(new Set([1]))
      ch.sendMany([1, 2].values())
    })
  })

  test('a channel of nothing is sent nothing', () => {
    compiles(() => {
      chan<void>().send()
      // @ts-expect-error
      chan<number>().send()
    })
  })

  test('iteration gives values', () => {
    compiles(async () => {
      for await (const value of chan<Dog>()) expectTypeOf(value).toEqualTypeOf<Dog>()
    })
  })

  test('a channel of what may be undefined keeps that', () => {
    compiles(async () => {
      const result = await chan<string | undefined>().next()
      if (!result.done) expectTypeOf(result.value).toEqualTypeOf<string | undefined>()
    })
  })
})

describe('making a channel', () => {
  test('by a capacity or by options', () => {
    compiles(() => {
      expectTypeOf(chan<number>()).toEqualTypeOf<Chan<number>>()
      expectTypeOf(chan<number>(5)).toEqualTypeOf<Chan<number>>()
      expectTypeOf(chan<number>({ capacity: 5, overflow: 'drop-oldest' })).toEqualTypeOf<Chan<number>>()
      // @ts-expect-error
      chan<number>({ overflow: 'block' })
      // @ts-expect-error
      chan<number>({ capacity: 1, overflow: 'drop' })
      // @ts-expect-error
      chan<number>('1')
    })
  })

  test('without a type it is of unknown', () => {
    expectTypeOf(chan).returns.toEqualTypeOf<Chan<unknown>>()
    compiles(() => {
      const ch: Chan<number> = chan()
      return ch
    })
  })
})

describe('the nil channel', () => {
  test('fits every channel, and either end', () => {
    expectTypeOf<typeof never>().toExtend<Chan<Dog>>()
    expectTypeOf<typeof never>().toExtend<SendChan<Dog>>()
    expectTypeOf<typeof never>().toExtend<ReceiveChan<Dog>>()
    compiles(() => {
      let ch: Chan<number> = chan<number>()
      ch = never
      return ch
    })
  })

  test('gives never', () => {
    expectTypeOf(never.receive).returns.toEqualTypeOf<Operation<undefined>>()
    expectTypeOf(never.tryReceive()).toEqualTypeOf<
      { value: never; ok: true } | { value: undefined; ok: false } | undefined
    >()
  })
})
