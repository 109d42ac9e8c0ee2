import { describe, expect, test } from 'vitest'
import { chan, gosched } from 'warren'
import { PanicError } from '../../../src/errors/panic-error.ts'
import { lossless, overKinds } from '../../support/kinds.ts'
import { type Body, idle, inEveryPair, on } from '../../support/styles.ts'

// Go: test/chan/zerosize.go
describe('a channel of nothing', () => {
  overKinds(lossless, 'counts values that carry no information', function* (kind, style) {
    const ch = kind.make<void>()
    const sender = style.go(function* () {
      for (let i = 0; i < 10; i++) yield* on(ch.send())
    })
    for (let i = 0; i < 10; i++) expect(yield* on(ch.next())).toEqual({ value: undefined, done: false })
    yield* on(sender.join())
  })
})

// Go: test/chancap.go
describe('length and capacity', () => {
  test('a buffered channel has its capacity, and counts what is in it', () => {
    const ch = chan<number>(10)
    expect([ch.length, ch.capacity]).toEqual([0, 10])
    for (let i = 0; i < 3; i++) expect(ch.trySend(i)).toBe(true)
    expect([ch.length, ch.capacity]).toEqual([3, 10])
  })

  test('an unbuffered channel has neither', () => {
    const ch = chan<number>()
    expect([ch.length, ch.capacity]).toEqual([0, 0])
  })

  for (const size of [-1, -(2 ** 31), 2 ** 53, 2 ** 63, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    test(`a capacity of ${size} is out of range`, () => {
      for (const make of [() => chan(size), () => chan({ capacity: size })]) {
        expect(make).toThrow(PanicError)
        expect(make).toThrow('makechan: size out of range')
      }
    })
  }

  test('a capacity that no memory could hold costs nothing until it is used', () => {
    const ch = chan<number>(Number.MAX_SAFE_INTEGER)
    expect(ch.trySend(1)).toBe(true)
    expect(ch.length).toBe(1)
  })
})

// Go: test/ken/chan1.go
describe('one sender and ten receivers', () => {
  inEveryPair('see each of a thousand values once, through a buffer of two', function* (one, other) {
    const ch = chan<number>(2)
    const marks = new Uint8Array(1000)
    function* receiver(): Body {
      for (;;) {
        const value = (yield* on(ch.receive()))!
        expect(marks[value]).toBe(1)
        marks[value] = 2
      }
    }
    for (let i = 0; i < 10; i++) {
      other.go(receiver)
      yield* on(gosched())
    }
    const sender = one.go(function* () {
      for (let i = 0; i < marks.length; i++) {
        expect(marks[i]).toBe(0)
        marks[i] = 1
        yield* on(ch.send(i))
      }
    })
    yield* on(sender.join())
    yield* on(idle())
    expect(marks.every((mark) => mark === 2)).toBe(true)
  })
})
