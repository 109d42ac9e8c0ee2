// crossbeam-channel: tests/array.rs, tests/list.rs, tests/zero.rs. Its flavours are our kinds: zero is unbuffered, array a
// buffer, and list (no limit) a buffer that is large enough. What drops with its last handle there is closed here.

import { describe, expect } from 'vitest'
import { type Chan, gosched, select, sending } from 'warren'
import { expectNoWaiters, lossless, overKinds } from '../../support/kinds.ts'
import { type Body, idle, Outcome, on } from '../../support/styles.ts'

function* count(n: number, step: (i: number) => Body<unknown>): Body {
  for (let i = 0; i < n; i++) yield* step(i)
}

// crossbeam: smoke, capacity, len_empty_full
describe('what a channel says of itself', () => {
  overKinds(lossless, 'its length follows every send and receive', function* (kind) {
    const ch = kind.make<number>()
    expect([ch.length, ch.capacity]).toEqual([0, kind.capacity])
    for (let i = 0; i < kind.capacity; i++) {
      expect(ch.trySend(i)).toBe(true)
      expect(ch.length).toBe(i + 1)
    }
    expect(ch.trySend(-1)).toBe(false)
    for (let i = 0; i < kind.capacity; i++) {
      expect(ch.tryReceive()).toEqual({ value: i, ok: true })
      expect(ch.length).toBe(kind.capacity - i - 1)
    }
    expect(ch.tryReceive()).toBeUndefined()
  })

  // crossbeam: len
  overKinds(lossless, 'its length stays within its capacity while two goroutines use it', function* (kind, style) {
    const ch = kind.make<number>()
    const receiver = style.go(count, 5000, function* (i) {
      expect(yield* on(ch.receive())).toBe(i)
      expect(ch.length).toBeLessThanOrEqual(kind.capacity)
    })
    const sender = style.go(count, 5000, function* (i) {
      yield* on(ch.send(i))
      expect(ch.length).toBeLessThanOrEqual(kind.capacity)
    })
    yield* on(sender.join())
    yield* on(receiver.join())
    expect(ch.length).toBe(0)
  })
})

// crossbeam: try_recv, recv, try_send, send
describe('partners that come at different times', () => {
  overKinds(lossless, 'tryReceive finds nothing, then the value, then the end', function* (kind, style) {
    const ch = kind.make<number>()
    expect(ch.tryReceive()).toBeUndefined()
    const sender = style.go(() => on7(ch))
    yield* on(idle())
    expect(ch.tryReceive()).toEqual({ value: 7, ok: true })
    yield* on(sender.join())
    ch.close()
    expect(ch.tryReceive()).toEqual({ value: undefined, ok: false })
  })

  overKinds(lossless, 'receives get what is sent before and after them', function* (kind, style) {
    const ch = kind.make<number>()
    style.go(function* () {
      yield* on(idle())
      for (const value of [7, 8, 9]) yield* on(ch.send(value))
      ch.close()
    })
    expect(yield* on(ch.receive())).toBe(7)
    yield* on(idle())
    expect(yield* on(ch.receive())).toBe(8)
    yield* on(idle())
    expect(yield* on(ch.receive())).toBe(9)
    expect(yield* on(ch.receive())).toBeUndefined()
  })

  overKinds(lossless, 'trySend succeeds when a receiver waits, and throws when it is closed', function* (kind, style) {
    const ch = kind.make<number>()
    for (let i = 0; i < kind.capacity; i++) ch.trySend(i)
    expect(ch.trySend(7)).toBe(false)
    const receiver = style.go(function* () {
      const values: number[] = []
      for (let i = 0; i <= kind.capacity; i++) values.push((yield* on(ch.receive()))!)
      return values
    })
    yield* on(idle())
    expect(ch.trySend(8)).toBe(true)
    expect((yield* on(receiver.join())).at(-1)).toBe(8)
    ch.close()
    expect(() => ch.trySend(9)).toThrow('send on closed channel')
  })

  // crossbeam: send_after_disconnect, recv_after_disconnect
  overKinds(lossless, 'what was sent before the close is received after it', function* (kind) {
    const ch = kind.make<number>()
    for (let i = 0; i < kind.capacity; i++) yield* on(ch.send(i))
    ch.close()
    expect(() => ch.trySend(4)).toThrow('send on closed channel')
    expect(yield* on(ch.receiveMany())).toEqual(Array.from({ length: kind.capacity }, (_, i) => i))
    expect(yield* on(ch.next())).toEqual({ value: undefined, done: true })
  })

  // crossbeam: disconnect_wakes_sender, disconnect_wakes_receiver
  overKinds(
    lossless,
    'a close wakes a blocked sender with an error, and a blocked receiver with the end',
    function* (kind, style) {
      const full = kind.make<number>()
      for (let i = 0; i < kind.capacity; i++) yield* on(full.send(i))
      const sender = new Outcome(style.go(() => on7(full)).join())
      const empty = kind.make<number>()
      const receiver = new Outcome(
        style
          .go(function* () {
            return yield* on(empty.next())
          })
          .join(),
      )
      yield* on(idle())
      expect([sender.state, receiver.state]).toEqual(['pending', 'pending'])
      full.close()
      empty.close()
      yield* on(idle())
      expect(sender.error).toMatchObject({ code: 'ERR_SEND_CLOSED', value: 7 })
      expect(receiver.value).toEqual({ value: undefined, done: true })
      expectNoWaiters(full, empty)
    },
  )
})

function* on7(ch: Chan<number>): Body {
  yield* on(ch.send(7))
}

// crossbeam: spsc, mpmc, stress_oneshot, stress_iter, drops
describe('under load', () => {
  overKinds(lossless, 'one sender and one receiver keep the order', function* (kind, style) {
    const ch = kind.make<number>()
    style.go(function* () {
      for (let i = 0; i < 20_000; i++) yield* on(ch.send(i))
      ch.close()
    })
    let wanted = 0
    for (;;) {
      const result = yield* on(ch.next())
      if (result.done === true) break
      if (result.value !== wanted++) expect.unreachable()
    }
    expect(wanted).toBe(20_000)
  })

  overKinds(lossless, 'four senders and four receivers lose and double nothing', function* (kind, style) {
    const ch = kind.make<number>()
    const times = new Uint8Array(5000)
    const receivers = Array.from({ length: 4 }, () =>
      style.go(count, times.length, function* () {
        times[(yield* on(ch.receive()))!]!++
      }),
    )
    for (let p = 0; p < 4; p++) style.go(count, times.length, (i) => on(ch.send(i)))
    for (const receiver of receivers) yield* on(receiver.join())
    expect(times.every((n) => n === 4)).toBe(true)
  })

  overKinds(lossless, 'two thousand channels for one value each', function* (kind, style) {
    for (let i = 0; i < 2000; i++) {
      const ch = kind.make<number>()
      const receiver = style.go(function* () {
        return yield* on(ch.receive())
      })
      style.go(() => on7(ch))
      expect(yield* on(receiver.join())).toBe(7)
    }
  })

  overKinds(lossless, 'requests by trySend, answered while they last', function* (kind, style) {
    const [requests, answers] = [kind.make<true>(), kind.make<number>()]
    const asking = style.go(function* () {
      for (let answered = 0; answered < 1000; ) {
        for (let got = answers.tryReceive(); got?.ok; got = answers.tryReceive()) answered += got.value
        requests.trySend(true)
        yield* on(gosched())
      }
      requests.close()
    })
    for (;;) {
      if ((yield* on(requests.next())).done === true) break
      const picked = yield* on(select({ answered: sending(answers, 1), ended: kind.make<never>(), requests }))
      if (picked.case === 'requests' && !picked.ok) break
    }
    yield* on(asking.join())
  })
})

// crossbeam: linearizable
describe('a value that is in the channel', () => {
  overKinds(
    lossless.filter(({ capacity }) => capacity >= 3),
    'is found by tryReceive, as long as there are as many as takers',
    function* (kind, style) {
      const ch = kind.make<number>()
      const takers = Array.from({ length: 3 }, () =>
        style.go(count, 2000, function* () {
          yield* on(ch.send(0))
          if (ch.tryReceive() === undefined) expect.unreachable()
        }),
      )
      for (const taker of takers) yield* on(taker.join())
      expect(ch.length).toBe(0)
    },
  )
})

// crossbeam: channel_through_channel
describe('a channel sent through a channel', () => {
  interface Link {
    readonly next: Chan<Link>
  }
  overKinds(lossless, 'a thousand times over', function* (kind, style) {
    const first = kind.make<Link>()
    style.go(function* () {
      let ch = first
      for (let i = 0; i < 1000; i++) {
        const next = kind.make<Link>()
        yield* on(ch.send({ next }))
        ch = next
      }
      ch.close()
    })
    let length = 0
    let ch = first
    for (;;) {
      const link = yield* on(ch.receive())
      if (link === undefined) break
      ch = link.next
      length++
    }
    expect(length).toBe(1000)
  })
})
