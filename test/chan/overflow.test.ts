// Channels that drop: only a full send behaves differently.

import { describe, expect, test } from 'vitest'
import { type Chan, chan, select, sending, trySelect } from 'warren'
import { dropping, expectNoWaiters, overKinds } from '../support/kinds.ts'
import { attempt, idle, inBothStyles, on } from '../support/styles.ts'

function* drain(ch: Chan<number>) {
  const values: number[] = []
  for (let got = ch.tryReceive(); got !== undefined; got = ch.tryReceive()) values.push(got.value!)
  return values
}

overKinds(dropping, 'no form of send ever waits', function* (kind) {
  const ch = kind.make<number>()
  for (let i = 0; i < 20; i++) {
    yield* on(ch.send(i))
    yield* on(select({ sent: sending(ch, i) }))
    yield* on(ch.sendMany([i, i]))
    yield* on(ch.sendMany(new Set([i])))
    expect(trySelect({ sent: sending(ch, i) })).toBeDefined()
  }
  expect(ch.length).toBe(kind.capacity)
  expectNoWaiters(ch)
})

overKinds(dropping, 'a receiver that waits gets the next value, dropping or not', function* (kind, style) {
  const ch = kind.make<number>()
  const outcome = attempt(style, function* () {
    return yield* on(ch.receive())
  })
  yield* on(idle())
  expect(ch.trySend(1)).toBe(true)
  yield* on(idle())
  expect(outcome.value).toBe(1)
})

describe('drop-newest', () => {
  inBothStyles('keeps the first values', function* () {
    const ch = chan<number>({ capacity: 3, overflow: 'drop-newest' })
    for (let i = 0; i < 10; i++) yield* on(ch.send(i))
    expect(yield* drain(ch)).toEqual([0, 1, 2])
  })

  test('says so where it can: trySend is false for a dropped value', () => {
    const ch = chan<number>({ capacity: 1, overflow: 'drop-newest' })
    expect([ch.trySend(1), ch.trySend(2)]).toEqual([true, false])
  })

  inBothStyles('of capacity 0 hands over to a receiver, or drops', function* (style) {
    const ch = chan<number>({ capacity: 0, overflow: 'drop-newest' })
    yield* on(ch.send(1))
    expect(ch.tryReceive()).toBeUndefined()
    const outcome = attempt(style, function* () {
      return yield* on(ch.next())
    })
    yield* on(idle())
    yield* on(ch.send(2))
    yield* on(idle())
    expect(outcome.value).toEqual({ value: 2, done: false })
  })
})

describe('drop-oldest', () => {
  inBothStyles('keeps the last values, in order', function* () {
    const ch = chan<number>({ capacity: 3, overflow: 'drop-oldest' })
    for (let i = 0; i < 10; i++) yield* on(ch.send(i))
    expect(yield* drain(ch)).toEqual([7, 8, 9])
  })

  test('always takes the value: trySend is true', () => {
    const ch = chan<number>({ capacity: 1, overflow: 'drop-oldest' })
    expect([ch.trySend(1), ch.trySend(2), ch.tryReceive()?.value]).toEqual([true, true, 2])
  })

  inBothStyles('of capacity 1 is the latest value', function* (style) {
    const latest = chan<number>({ capacity: 1, overflow: 'drop-oldest' })
    style.go(function* () {
      for (let i = 1; i <= 1000; i++) yield* on(latest.send(i))
      latest.close()
    })
    let last = 0
    for (;;) {
      const value = yield* on(latest.receive())
      if (value === undefined) break
      expect(value).toBeGreaterThan(last)
      last = value
    }
    expect(last).toBe(1000)
  })

  test('needs a capacity', () => {
    expect(() => chan({ capacity: 0, overflow: 'drop-oldest' })).toThrow(
      expect.objectContaining({ code: 'ERR_CHAN_SIZE' }),
    )
  })
})

describe('closing', () => {
  overKinds(dropping, 'keeps what was not dropped', function* (kind) {
    const ch = kind.make<number>()
    for (let i = 0; i < 10; i++) yield* on(ch.send(i))
    ch.close()
    expect(yield* on(ch.receiveMany())).toHaveLength(kind.capacity)
    expect(() => ch.trySend(1)).toThrow('send on closed channel')
  })
})
