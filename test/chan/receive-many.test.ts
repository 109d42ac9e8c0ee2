import { describe, expect } from 'vitest'
import { ContextCanceledError, chan, select, sending } from 'warren'
import { checkInvariants, expectNoWaiters, lossless, overKinds } from '../support/kinds.ts'
import { attempt, idle, inBothStyles, on } from '../support/styles.ts'

describe('receiveMany', () => {
  overKinds(lossless, 'takes the buffer and then one value of each blocked sender', function* (kind, style) {
    const ch = kind.make<number>()
    const total = kind.capacity + 3
    for (let i = 0; i < total; i++) {
      style.go(function* () {
        yield* on(ch.send(i))
      })
    }
    yield* on(idle())
    expect(yield* on(ch.receiveMany())).toEqual(Array.from({ length: total }, (_, i) => i))
    expect(ch.length).toBe(0)
    expectNoWaiters(ch)
  })

  overKinds(lossless, 'takes no more than it may; senders move up into the room', function* (kind, style) {
    const ch = kind.make<number>()
    const total = kind.capacity + 5
    for (let i = 0; i < total; i++) {
      style.go(function* () {
        yield* on(ch.send(i))
      })
    }
    yield* on(idle())
    const received: number[] = []
    for (const max of [1, 2, 1000, 1000]) {
      if (received.length === total) break
      const batch = yield* on(ch.receiveMany(max))
      expect(batch.length).toBeGreaterThan(0)
      expect(batch.length).toBeLessThanOrEqual(max)
      received.push(...batch)
      checkInvariants(ch)
    }
    expect(received).toEqual(Array.from({ length: total }, (_, i) => i))
  })

  overKinds(lossless, 'waits for one value when there is none, and returns that', function* (kind, style) {
    const ch = kind.make<number>()
    const outcome = attempt(style, function* () {
      return yield* on(ch.receiveMany(10))
    })
    yield* on(idle())
    expect(outcome.state).toBe('pending')
    yield* on(ch.send(1))
    yield* on(idle())
    expect(outcome.value).toEqual([1])
  })

  inBothStyles('takes of a batch and of a select like of any sender', function* (style) {
    const ch = chan<string>()
    style.go(function* () {
      yield* on(ch.sendMany(['a1', 'a2', 'a3']))
    })
    style.go(function* () {
      yield* on(select({ other: chan(), sent: sending(ch, 'b') }))
    })
    yield* on(idle())
    expect(yield* on(ch.receiveMany())).toEqual(['a1', 'b'])
    expect(yield* on(ch.receiveMany())).toEqual(['a2'])
    expect(yield* on(ch.receiveMany())).toEqual(['a3'])
  })

  inBothStyles('takes one value of a batch, also when one that is read on stands before it', function* (style) {
    const ch = chan<string>()
    for (const values of [['a1', 'a2'].values(), ['b1', 'b2', 'b3']]) {
      style.go(function* () {
        yield* on(ch.sendMany(values))
      })
    }
    yield* on(idle())
    expect(yield* on(ch.receiveMany())).toEqual(['a1', 'b1'])
    yield* on(idle())
    expect(yield* on(ch.receiveMany())).toEqual(['b2', 'a2'])
    expect(yield* on(ch.receiveMany())).toEqual(['b3'])
  })

  inBothStyles('of a closed channel drains it, then returns nothing', function* () {
    const ch = chan<number>(3)
    yield* on(ch.sendMany([1, 2, 3]))
    ch.close()
    expect(yield* on(ch.receiveMany(2))).toEqual([1, 2])
    expect(yield* on(ch.receiveMany(2))).toEqual([3])
    expect(yield* on(ch.receiveMany(2))).toEqual([])
  })

  inBothStyles('takes a context in either place', function* (style) {
    const ch = chan<number>(1)
    const controller = new AbortController()
    const outcomes = [
      attempt(style, function* () {
        return yield* on(ch.receiveMany(controller.signal))
      }),
      attempt(style, function* () {
        return yield* on(ch.receiveMany(5, controller.signal))
      }),
      attempt(style, function* () {
        return yield* on(ch.receiveMany(undefined, controller.signal))
      }),
    ]
    yield* on(idle())
    controller.abort()
    yield* on(idle())
    for (const { error } of outcomes) expect(error).toBeInstanceOf(ContextCanceledError)
    expectNoWaiters(ch)
  })

  for (const max of [0, -1, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, '1', null]) {
    inBothStyles(`of at most ${String(max)} fails, and takes nothing`, function* (style) {
      const ch = chan<number>(1)
      yield* on(ch.send(1))
      const outcome = attempt(style, function* () {
        return yield* on(ch.receiveMany(max as number))
      })
      yield* on(idle())
      const code = typeof max === 'number' ? 'ERR_OUT_OF_RANGE' : 'ERR_INVALID_ARG_TYPE'
      expect(outcome.error).toMatchObject({ code })
      expect(ch.length).toBe(1)
    })
  }

  inBothStyles('of at most Infinity takes all', function* () {
    const ch = chan<number>(3)
    yield* on(ch.sendMany([1, 2, 3]))
    expect(yield* on(ch.receiveMany(Number.POSITIVE_INFINITY))).toEqual([1, 2, 3])
  })
})
