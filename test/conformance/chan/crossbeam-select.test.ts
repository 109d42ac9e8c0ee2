// crossbeam-channel: tests/select.rs, tests/select_macro.rs and tests/ready.rs (which asks the same of readiness alone).

import { describe, expect } from 'vitest'
import { type Chan, chan, select, sending, trySelect } from 'warren'
import { expectNoWaiters, lossless, overKinds } from '../../support/kinds.ts'
import { attempt, type Body, idle, inBothStyles, inEveryPair, on } from '../../support/styles.ts'

const many = 100

// crossbeam: smoke1, smoke2, disconnected, default, default_when_disconnected, preflight1..3
describe('one select', () => {
  inBothStyles('takes the value from the one channel that has one', function* () {
    const channels = Array.from({ length: 5 }, () => chan<number>(many))
    for (const [index, ch] of channels.entries()) {
      yield* on(ch.send(index))
      expect(yield* on(select(channels))).toEqual({ case: index, ok: true, value: index })
    }
  })

  inBothStyles('sees that a channel is closed, before and while it waits', function* (style) {
    const [a, b] = [chan<number>(many), chan<number>(many)]
    style.go(function* () {
      yield* on(idle())
      a.close()
      yield* on(b.send(5))
    })
    expect(yield* on(select({ a, b }))).toEqual({ case: 'a', ok: false, value: undefined })
    expect(yield* on(b.receive())).toBe(5)
    expect(yield* on(select({ a, b }))).toMatchObject({ case: 'a', ok: false })
    style.go(function* () {
      yield* on(idle())
      b.close()
    })
    expect(yield* on(select({ b }))).toMatchObject({ case: 'b', ok: false })
  })

  inBothStyles('gives what a closed channel still holds before its end', function* () {
    const ch = chan<number>(1)
    yield* on(ch.send(1))
    ch.close()
    expect(yield* on(select({ ch }))).toMatchObject({ ok: true, value: 1 })
    expect(yield* on(select({ ch }))).toMatchObject({ ok: false })
  })

  inBothStyles('with a default goes on when nothing is ready', function* () {
    const [a, b] = [chan<number>(1), chan<number>(1)]
    expect(trySelect({ a, b })).toBeUndefined()
    a.close()
    expect(trySelect({ a, b })).toMatchObject({ case: 'a', ok: false })
    yield* on(b.send(2))
    expect(trySelect({ b })).toEqual({ case: 'b', ok: true, value: 2 })
    expect(trySelect({ b })).toBeUndefined()
    expect(() => trySelect([sending(a, 0)])).toThrow('send on closed channel')
  })

  // crossbeam: evaluate, recv_in_send
  inBothStyles('offers a value that is worked out before it waits', function* (style) {
    const ch = chan<number>()
    style.go(function* () {
      yield* on(ch.send(1))
      expect(yield* on(ch.receive())).toBe(2)
    })
    const offered = (yield* on(ch.receive()))! + 1
    expect((yield* on(select({ sent: sending(ch, offered) }))).case).toBe('sent')
  })
})

// crossbeam: unblocks, both_ready, loop_try, nesting, cloning1, cloning2
describe('a select that waits', () => {
  inEveryPair('is woken by a sender, and by a receiver', function* (one, other) {
    const [a, b] = [chan<number>(), chan<number>()]
    one.go(function* () {
      yield* on(idle())
      yield* on(b.send(2))
      yield* on(idle())
      expect(yield* on(a.receive())).toBe(1)
    })
    const selecting = other.go(function* () {
      const first = yield* on(select({ a, b }))
      const second = yield* on(select({ a: sending(a, 1), b: sending(b, 2) }))
      return [first.case, first.value, second.case]
    })
    expect(yield* on(selecting.join())).toEqual(['b', 2, 'a'])
    expectNoWaiters(a, b)
  })

  inEveryPair('does one thing at a time with a partner that wants both', function* (one, other) {
    const [a, b] = [chan<number>(), chan<number>()]
    one.go(function* () {
      yield* on(a.send(1))
      expect(yield* on(b.receive())).toBe(2)
    })
    const selecting = other.go(function* () {
      const cases: string[] = []
      for (let i = 0; i < 2; i++) cases.push((yield* on(select({ a, b: sending(b, 2) }))).case)
      return cases
    })
    expect(yield* on(selecting.join())).toEqual(['a', 'b'])
  })

  inEveryPair('is found by partners that only try', function* (one, other) {
    const [a, b, end] = [chan<number>(), chan<number>(), chan<never>()]
    one.go(function* () {
      while (trySelect({ sent: sending(a, 1) }) === undefined && trySelect({ end }) === undefined) yield* on(idle())
    })
    one.go(function* () {
      while (b.tryReceive() === undefined && trySelect({ end }) === undefined) yield* on(idle())
    })
    const picked = yield* on(
      other
        .go(function* () {
          const result = yield* on(select({ a, b: sending(b, 2) }))
          end.close()
          return result
        })
        .join(),
    )
    expect(['a', 'b']).toContain(picked.case)
  })

  inBothStyles('may stand within what another one picked', function* () {
    const ch = chan<number>(1)
    for (let i = 0; i < 2; i++) {
      const outer = yield* on(select({ sent: sending(ch, i) }))
      if (outer.case === 'sent') {
        const inner = yield* on(select({ ch }))
        expect(inner.value).toBe(i)
      }
    }
  })

  // crossbeam: duplicate_operations
  inBothStyles('may name each channel twice, and each name has its turn', function* () {
    const ch = chan<number>(many)
    const hits = [0, 0, 0, 0]
    while (Math.min(...hits) === 0) {
      hits[(yield* on(select([ch, ch, sending(ch, 0), sending(ch, 0)]))).case]!++
      if (ch.length === many) ch.tryReceive()
    }
  })

  // crossbeam: send_recv_same_channel
  inBothStyles('never meets itself', function* (style) {
    const ch = chan<number>()
    const outcome = attempt(style, function* () {
      return yield* on(select({ sent: sending(ch, 0), ch }))
    })
    yield* on(idle())
    expect(outcome.state).toBe('pending')
    const roomy = chan<number>(1)
    expect((yield* on(select({ sent: sending(roomy, 0), roomy }))).case).toBe('sent')
  })
})

// crossbeam: stress_recv, stress_send, stress_mixed, reuse
describe('a select that two partners keep busy', () => {
  const count = 5000

  overKinds(lossless, 'receives from both in lockstep', function* (kind, style) {
    const [a, b, ack] = [kind.make<number>(), kind.make<number>(), kind.make<true>()]
    style.go(function* () {
      for (let i = 0; i < count; i++) {
        for (const ch of [a, b]) {
          yield* on(ch.send(i))
          yield* on(ack.receive())
        }
      }
    })
    for (let i = 0; i < 2 * count; i++) {
      expect((yield* on(select({ a, b }))).value).toBe(i >> 1)
      yield* on(ack.send(true))
    }
  })

  // The same cases, made once: a select object may be used again and again.
  inEveryPair('sends and receives, with cases that are made once', function* (one, other) {
    const [a, b, ack] = [chan<number>(), chan<number>(), chan<true>(100)]
    one.go(function* () {
      for (let i = 0; i < count; i++) {
        yield* on(a.send(i))
        expect(yield* on(b.receive())).toBe(-1)
        yield* on(ack.receive())
      }
    })
    const selecting = other.go(function* () {
      const cases = { a, b: sending(b, -1) }
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < 2; j++) {
          const picked = yield* on(select(cases))
          if (picked.case === 'a') expect(picked.value).toBe(i)
        }
        yield* on(ack.send(true))
      }
    })
    yield* on(selecting.join())
  })
})

// crossbeam: matching, matching_with_leftover, sync_and_clone, send_and_clone
describe('many selects that would send or receive on one channel', () => {
  for (const parties of [44, 55]) {
    inEveryPair(`${parties} of them pair up`, function* (one, other) {
      const ch: Chan<number> = chan()
      const running = Array.from({ length: parties }, (_, i) =>
        (i % 3 === 0 ? one : other).go(function* (): Body {
          const picked = yield* on(select({ ch, sent: sending(ch, i) }))
          if (picked.case === 'ch') expect(picked.value).not.toBe(i)
        }),
      )
      if (parties % 2 === 1) yield* on(ch.send(-1))
      for (const goroutine of running) yield* on(goroutine.join())
      expect(ch.tryReceive()).toBeUndefined()
      expectNoWaiters(ch)
    })
  }
})

// crossbeam: linearizable_try, linearizable_default
describe('a select with a default', () => {
  inEveryPair('finds one of two channels ready, whatever the other goroutine does to them', function* (one, other) {
    const [start, end] = [chan<true>(), chan<true>()]
    const [a, b] = [chan<number>(1), chan<number>(1)]
    const count = 5000
    one.go(function* () {
      for (let i = 0; i < count; i++) {
        yield* on(start.send(true))
        yield* on(a.send(1))
        if (trySelect({ a, b }) === undefined) expect.unreachable()
        yield* on(end.send(true))
        b.tryReceive()
      }
    })
    const partner = other.go(function* () {
      for (let i = 0; i < count; i++) {
        yield* on(start.receive())
        yield* on(b.send(1))
        a.tryReceive()
        yield* on(end.receive())
      }
    })
    yield* on(partner.join())
  })
})
