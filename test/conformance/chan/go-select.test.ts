import { describe, expect } from 'vitest'
import { chan, gosched, select, sending, trySelect } from 'warren'
import { type Body, idle, inBothStyles, inEveryPair, on } from '../../support/styles.ts'

// Go: test/chan/select.go
describe('select with a default', () => {
  inBothStyles('sends on whichever channel has room, once each, evaluating every value it offers', function* () {
    let offers = 0
    let shift = 0
    const offer = (): number => {
      offers++
      return 1 << shift
    }
    function sendAll(a: typeof one | null, b: typeof one | null): number {
      let count = 0
      for (;;) {
        // As in Go, the value is evaluated for a nil channel too.
        const [first, second] = [offer(), offer()]
        const picked = trySelect({ a: a && sending(a, first), b: b && sending(b, second) })
        if (picked === undefined) return count
        count++
        if (picked.case === 'a') a = null
        else b = null
        shift++
      }
    }
    const one = chan<number>(1)
    const two = chan<number>(1)
    expect(sendAll(one, two)).toBe(2)
    expect((yield* on(one.receive()))! | (yield* on(two.receive()))!).toBe(3)
    expect(sendAll(one, null)).toBe(1)
    expect(offers).toBe(10)
  })
})

// Go: test/chan/select4.go
describe('select with one ready case', () => {
  inBothStyles('takes that one, and does nothing of the other', function* () {
    const ready = chan<number>(1)
    const empty = chan<number>()
    yield* on(ready.send(42))
    const picked = yield* on(select({ empty, ready }))
    expect(picked).toEqual({ case: 'ready', ok: true, value: 42 })
  })
})

// Go: test/chan/select6.go
describe('a receiver that left the queue through a select', () => {
  inEveryPair('does not stand in the way of those behind it', function* (one, other) {
    const shared = chan<true>()
    const second = chan<true>()
    const third = chan<true>()
    let received = 0
    one.go(function* () {
      yield* on(shared.receive())
      received++
    })
    other.go(function* () {
      const picked = yield* on(select({ shared, second }))
      expect(picked.case).toBe('second')
      yield* on(third.send(true))
      yield* on(shared.receive())
      received++
    })
    one.go(function* () {
      yield* on(second.send(true))
    })
    yield* on(third.receive())
    yield* on(shared.send(true))
    yield* on(shared.send(true))
    yield* on(idle())
    expect(received).toBe(2)
  })
})

type Numbers = ReturnType<typeof chan<number>>

// Generator functions: the operation must be made inside the goroutine, not while it is being set up.
const receiving: Record<string, (ch: Numbers) => Body> = {
  *receive(ch) {
    yield* on(ch.receive())
  },
  *next(ch) {
    yield* on(ch.next())
  },
  *receiveMany(ch) {
    yield* on(ch.receiveMany())
  },
  *'select of one'(ch) {
    yield* on(select({ ch }))
  },
  *'select of two'(ch) {
    yield* on(select({ ch, other: chan<number>() }))
  },
}
const sendingWays: Record<string, (ch: Numbers) => Body> = {
  *send(ch) {
    yield* on(ch.send(1))
  },
  *sendMany(ch) {
    yield* on(ch.sendMany([1]))
  },
  *'select of one'(ch) {
    yield* on(select({ sent: sending(ch, 1) }))
  },
  *'select of two'(ch) {
    yield* on(select({ sent: sending(ch, 1), other: sending(chan<number>(), 1) }))
  },
}

// Go: test/chan/select7.go
describe('a sender meets a receiver that waits', () => {
  for (const [sendName, send] of Object.entries(sendingWays)) {
    for (const [receiveName, receive] of Object.entries(receiving)) {
      inEveryPair(`${sendName} to ${receiveName}`, function* (one, other) {
        const ch = chan<number>()
        const receiver = one.go(receive, ch)
        yield* on(gosched())
        const sender = other.go(send, ch)
        yield* on(receiver.join())
        yield* on(sender.join())
      })
    }
  }
})

// Go: test/chan/select8.go
describe('leaving a select', () => {
  inBothStyles('is an ordinary break or return, whatever was picked', function* (style) {
    const ch = chan<number>()
    style.go(function* () {
      for (;;) yield* on(ch.send(5))
    })
    for (;;) {
      const picked = yield* on(select({ ch }))
      if (picked.case === 'ch') break
    }
    expect(trySelect({})).toBeUndefined()
    expect(trySelect({ ch, unsent: sending(ch, 10) })?.case ?? 'default').not.toBe('unsent')
    expect((yield* on(select({ ch, closed: null }))).value).toBe(5)
  })
})
