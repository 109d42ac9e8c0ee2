import { describe, expect } from 'vitest'
import { chan, gosched, sending, trySelect } from 'warren'
import { type Body, idle, inEveryPair, Outcome, on, type Style } from '../../support/styles.ts'

const capacities = [0, 1, 2, 3, 10, 63, 64, 65, 200]

function* blocked(style: Style, body: () => Body<unknown>): Body<Outcome<unknown>> {
  const outcome = new Outcome<unknown>(style.go(body).join())
  yield* on(idle())
  expect(outcome.state).toBe('pending')
  return outcome
}

// Go: runtime/chan_test.go, TestChan
for (const capacity of capacities) {
  describe(`a channel of capacity ${capacity}`, () => {
    inEveryPair('blocks a receive while it is empty', function* (one, other) {
      const ch = chan<number>(capacity)
      const first = yield* blocked(one, function* () {
        return yield* on(ch.receive())
      })
      const second = yield* blocked(other, function* () {
        return yield* on(ch.next())
      })
      expect(ch.tryReceive()).toBeUndefined()
      expect(trySelect({ ch })).toBeUndefined()
      yield* on(ch.send(0))
      yield* on(ch.send(1))
      yield* on(idle())
      expect([first.value, second.value]).toEqual([0, { value: 1, done: false }])
    })

    inEveryPair('blocks a send while it is full', function* (one, other) {
      const ch = chan<number>(capacity)
      for (let i = 0; i < capacity; i++) yield* on(ch.send(i))
      const first = yield* blocked(one, function* () {
        yield* on(ch.send(capacity))
      })
      const second = yield* blocked(other, function* () {
        yield* on(ch.sendMany([capacity + 1]))
      })
      expect(ch.trySend(0)).toBe(false)
      expect(trySelect({ sent: sending(ch, 0) })).toBeUndefined()
      expect(yield* on(ch.receive())).toBe(0)
      expect(yield* on(ch.receive())).toBe(1)
      yield* on(idle())
      expect([first.state, second.state]).toEqual(['done', 'done'])
      expect(ch.length).toBe(capacity)
    })

    inEveryPair('gives what it holds and then nothing, once it is closed', function* () {
      const ch = chan<number>(capacity)
      for (let i = 0; i < capacity; i++) yield* on(ch.send(i))
      ch.close()
      for (let i = 0; i < capacity; i++) expect(yield* on(ch.receive())).toBe(i)
      expect(yield* on(ch.receive())).toBeUndefined()
      expect(yield* on(ch.next())).toEqual({ value: undefined, done: true })
    })

    inEveryPair('wakes a receiver when it is closed', function* (one, other) {
      const ch = chan<number>(capacity)
      const outcomes = [
        yield* blocked(one, function* () {
          return yield* on(ch.next())
        }),
        yield* blocked(other, function* () {
          return yield* on(ch.receive())
        }),
      ]
      ch.close()
      yield* on(idle())
      expect(outcomes.map(({ value }) => value)).toEqual([{ value: undefined, done: true }, undefined])
      expect(outcomes.map(({ state }) => state)).toEqual(['done', 'done'])
    })

    inEveryPair('keeps a hundred values in order', function* (one) {
      const ch = chan<number>(capacity)
      for (const receive of [
        function* (): Body<unknown> {
          return yield* on(ch.receive())
        },
        function* (): Body<unknown> {
          return (yield* on(ch.next())).value
        },
      ]) {
        one.go(function* () {
          for (let i = 0; i < 100; i++) yield* on(ch.send(i))
        })
        for (let i = 0; i < 100; i++) expect(yield* receive()).toBe(i)
      }
    })

    inEveryPair('loses and doubles nothing between four senders and four receivers', function* (one, other) {
      const [parties, count] = [4, 1000]
      const ch = chan<number>(capacity)
      const times = new Uint8Array(count)
      for (let p = 0; p < parties; p++) {
        one.go(function* () {
          for (let i = 0; i < count; i++) yield* on(ch.send(i))
        })
      }
      const receivers = Array.from({ length: parties }, () =>
        other.go(function* () {
          for (let i = 0; i < count; i++) times[(yield* on(ch.receive()))!]!++
        }),
      )
      for (const receiver of receivers) yield* on(receiver.join())
      expect(times.every((n) => n === parties)).toBe(true)
    })
  })
}

const rounds = 2000

// Go: runtime/chan_test.go, TestNonblockRecvRace
describe('a receive that does not wait', () => {
  inEveryPair('never misses a channel that is ready for good', function* (one) {
    for (let i = 0; i < rounds; i++) {
      const ch = chan<number>(1)
      yield* on(ch.send(1))
      const receiver = one.go(function* () {
        if (i % 2 === 0) yield* on(gosched())
        expect(trySelect({ ch })).toBeDefined()
      })
      ch.close()
      yield* on(ch.receive())
      yield* on(receiver.join())
    }
  })
})

// Go: runtime/chan_test.go, TestNonblockSelectRace and TestNonblockSelectRace2
describe('a select that does not wait', () => {
  for (const closes of [false, true]) {
    inEveryPair(`sees one moment: of two channels one is ${closes ? 'closed' : 'ready'} at any time`, function* (one) {
      const done = chan<boolean>(1)
      for (let i = 0; i < rounds; i++) {
        const [first, second] = [chan<number>(1), chan<number>(closes ? 0 : 1)]
        yield* on(first.send(1))
        one.go(function* () {
          if (i % 2 === 0) yield* on(gosched())
          yield* on(done.send(trySelect({ first, second }) !== undefined))
        })
        if (closes) second.close()
        else yield* on(second.send(1))
        trySelect({ first })
        expect(yield* on(done.receive())).toBe(true)
      }
    })
  }
})
