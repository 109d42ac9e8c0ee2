// crossbeam-channel: tests/after.rs and tests/tick.rs, and what the other files ask of timeouts. Its timer channels have
// capacity 1; ours are as in Go since 1.23, without a buffer that could be seen.

import { describe, expect } from 'vitest'
import {
  after,
  background,
  ContextError,
  chan,
  never,
  type ReceiveChan,
  select,
  sending,
  sleep,
  tick,
  trySelect,
  withTimeout,
} from 'warren'
import { inBubbles, inBubblesOfEveryPair, inBubblesOverKinds, pass } from '../../support/bubbles.ts'
import { expectNoWaiters, lossless } from '../../support/kinds.ts'
import { attempt, type Body, on } from '../../support/styles.ts'

describe('after', () => {
  // crossbeam: after.rs fire, try_recv, recv
  inBubbles('fires once, with the time at which it was due', function* (t) {
    const startTime = Date.now()
    const ch = after(50)
    expect(ch.tryReceive()).toBeUndefined()
    yield* pass(t, 49)
    expect(ch.tryReceive()).toBeUndefined()
    yield* pass(t, 51)
    const fired = ch.tryReceive()!.value!
    expect(fired.getTime() - startTime).toBeGreaterThanOrEqual(50)
    expect(fired.getTime() - startTime).toBeLessThanOrEqual(100)
    yield* pass(t, 1000)
    expect([ch.tryReceive(), trySelect({ ch })]).toEqual([undefined, undefined])
  })

  // crossbeam: after.rs capacity, len_empty_full (differs, see above)
  inBubbles('shows no buffer, fired or not', function* (t) {
    const ch = after(10)
    expect([ch.length, ch.capacity]).toEqual([0, 0])
    yield* pass(t, 20)
    expect([ch.length, ch.capacity]).toEqual([0, 0])
    expect(ch.tryReceive()?.ok).toBe(true)
  })

  // crossbeam: after.rs recv_race
  inBubbles('fires in the order of what is due, whatever the order in the select', function* (t, style) {
    const outcomes = [
      attempt(style, function* () {
        return (yield* on(select([after(50), after(100)]))).case
      }),
      attempt(style, function* () {
        return (yield* on(select([after(100), after(50)]))).case
      }),
    ]
    yield* pass(t, 50)
    expect(outcomes.map(({ value }) => value)).toEqual([0, 1])
  })

  // crossbeam: after.rs recv_two
  inBubblesOfEveryPair('two of them are for two receivers', function* (t, one, other) {
    const [a, b] = [after(50), after(50)]
    const receivers = [one, other].map((style) =>
      attempt(style, function* () {
        return (yield* on(select([a, b]))).case
      }),
    )
    yield* pass(t, 50)
    expect(receivers.map(({ value }) => value).sort()).toEqual([0, 1])
  })

  // crossbeam: after.rs select
  inBubbles('a thousand of them are each received once, by four goroutines', function* (t, style) {
    const count = 1000
    const timers = Array.from({ length: count }, (_, i) => after(i / 50))
    const hits = new Uint8Array(count)
    const receivers = Array.from({ length: 4 }, () =>
      attempt(style, function* () {
        const timeout = after(100)
        for (;;) {
          const picked = yield* on(select([...timers, timeout]))
          if (picked.case === count) return
          hits[picked.case]!++
        }
      }),
    )
    yield* pass(t, 100)
    expect(receivers.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
    expect(hits.every((n) => n === 1)).toBe(true)
  })

  // crossbeam: after.rs fairness, fairness_duplicates
  inBubbles('of several that are due each is picked as often', function* () {
    const count = 1000
    const hits = [0, 0, 0]
    for (let i = 0; i < count; i++) {
      const due = after(1)
      const cases: ReceiveChan<Date>[] = [after(1), due, due]
      yield* on(sleep(2))
      hits[(yield* on(select(cases))).case]!++
    }
    for (const hit of hits) expect(hit).toBeGreaterThan(count / hits.length / 2)
  })
})

describe('tick', () => {
  // crossbeam: tick.rs fire, intervals, recv
  inBubbles('fires at every interval, and keeps one tick for who comes late', function* (t) {
    const startTime = Date.now()
    const ch = tick(50)
    expect(ch.tryReceive()).toBeUndefined()
    yield* pass(t, 50)
    expect(ch.tryReceive()!.value!.getTime() - startTime).toBe(50)
    expect(ch.tryReceive()).toBeUndefined()
    yield* pass(t, 320)
    expect(ch.tryReceive()?.ok).toBe(true)
    expect(ch.tryReceive()).toBeUndefined()
    // In phase: at 400 and not at 420.
    yield* pass(t, 29)
    expect(ch.tryReceive()).toBeUndefined()
    yield* pass(t, 1)
    expect(ch.tryReceive()!.value!.getTime() - startTime).toBe(400)
  })

  // crossbeam: tick.rs recv_two, select
  inBubblesOfEveryPair('each tick is for one receiver', function* (t, one, other) {
    const [a, b] = [tick(200), tick(300)]
    let hits = 0
    const receivers = [one, other, one, other].map((style) =>
      attempt(style, function* () {
        const timeout = after(1100)
        for (;;) {
          const picked = yield* on(select({ a, b, timeout }))
          if (picked.case === 'timeout') return
          hits++
        }
      }),
    )
    yield* pass(t, 1100)
    expect(receivers.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
    expect(hits).toBe(8)
  })

  // crossbeam: never.rs tick_n
  inBubbles('is replaced by the nil channel after ten', function* (t, style) {
    const steps = attempt(style, function* () {
      let ticks: ReceiveChan<unknown> = tick(100)
      let step = 0
      for (;;) {
        const picked = yield* on(select({ ticks, quiet: after(500) }))
        if (picked.case === 'quiet') return step
        if (++step === 10) ticks = never
      }
    })
    yield* pass(t, 1500)
    expect(steps.value).toBe(10)
  })
})

describe('a wait with a timeout', () => {
  // crossbeam: array.rs, list.rs, zero.rs recv_timeout
  inBubblesOverKinds(lossless, 'receives nothing, a value, or the end', function* (t, kind, style) {
    const ch = kind.make<number>()
    const results: unknown[] = []
    style.go(function* () {
      for (let i = 0; i < 3; i++) {
        const picked = yield* on(select({ ch, timeout: after(1000) }))
        results.push(picked.case === 'timeout' ? 'timeout' : picked.ok ? picked.value : 'end')
      }
    })
    style.go(function* () {
      yield* on(after(1500).receive())
      yield* on(ch.send(7))
      ch.close()
    })
    yield* pass(t, 1000)
    yield* pass(t, 500)
    expect(results).toEqual(['timeout', 7, 'end'])
    expectNoWaiters(ch)
  })

  // crossbeam: array.rs, zero.rs send_timeout
  inBubblesOverKinds(lossless, 'sends or gives up, and then has not sent', function* (t, kind, style) {
    const ch = kind.make<number>()
    for (let i = 0; i < kind.capacity; i++) ch.trySend(-1)
    const results: unknown[] = []
    style.go(function* () {
      for (const value of [7, 8, 9]) {
        try {
          yield* on(ch.send(value, withTimeout(background(), 1000)))
          results.push(value)
        } catch (error) {
          results.push(error instanceof ContextError ? 'timeout' : 'closed')
        }
      }
    })
    const received: (number | undefined)[] = []
    style.go(function* () {
      yield* on(after(1500).receive())
      for (let i = 0; i <= kind.capacity; i++) received.push(yield* on(ch.receive()))
      yield* on(sleep(1))
      if (kind.capacity === 0) ch.close()
    })
    yield* pass(t, 1000)
    yield* pass(t, 500)
    yield* pass(t, 1)
    expect(received.at(-1)).toBe(8)
    expect(results).toEqual(kind.capacity === 0 ? ['timeout', 8, 'closed'] : ['timeout', 8, 9])
  })

  // crossbeam: stress_timeout_two_threads
  inBubblesOverKinds(
    lossless,
    'tried again and again on both sides, loses and doubles nothing',
    function* (_, kind, style) {
      const ch = kind.make<number>()
      const count = 40
      const pause = function* (i: number): Body {
        if (i % 2 === 0) yield* on(after(50).receive())
      }
      style.go(function* () {
        for (let i = 0; i < count; i++) {
          yield* pause(i)
          for (;;) {
            const picked = yield* on(select({ sent: sending(ch, i), timeout: after(10) }))
            if (picked.case === 'sent') break
          }
        }
      })
      const received: number[] = []
      const receiver = style.go(function* () {
        for (let i = 0; i < count; ) {
          yield* pause(i)
          const picked = yield* on(select({ ch, timeout: after(10) }))
          if (picked.case === 'ch' && picked.ok) {
            received.push(picked.value)
            i++
          }
        }
      })
      yield* on(receiver.join())
      expect(received).toEqual(Array.from({ length: count }, (_, i) => i))
      expectNoWaiters(ch)
    },
  )

  // crossbeam: select.rs linearizable_timeout
  inBubblesOfEveryPair('of no time at all sees what is ready', function* (_, one, other) {
    const [a, b] = [chan<number>(1), chan<number>(1)]
    for (let i = 0; i < 200; i++) {
      yield* on(a.send(1))
      const selecting = one.go(function* () {
        return (yield* on(select({ a, b, timeout: after(0) }, { order: 'listed' }))).case
      })
      const partner = other.go(function* () {
        yield* on(b.send(1))
        a.tryReceive()
      })
      yield* on(partner.join())
      expect(['a', 'b']).toContain(yield* on(selecting.join()))
      a.tryReceive()
      b.tryReceive()
    }
  })
})
