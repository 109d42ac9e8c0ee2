// crossbeam-channel: fairness and fairness_duplicates of tests/array.rs, list.rs, zero.rs, select.rs and select_macro.rs,
// and the biased select of select_macro.rs.

import { describe, expect } from 'vitest'
import { type Chan, chan, gosched, select, sending, trySelect } from 'warren'
import { type Body, inBothStyles, inEveryPair, on } from '../../support/styles.ts'

const count = 10_000

function expectEven(hits: readonly number[], share = 2): void {
  for (const hit of hits) expect(hit).toBeGreaterThanOrEqual(count / hits.length / share)
}

function full(): Chan<number> {
  const ch = chan<number>(count)
  for (let i = 0; i < count; i++) ch.trySend(i)
  return ch
}

// crossbeam: array.rs fairness, select_macro.rs fairness1
describe('among ready channels', () => {
  inBothStyles('a receive picks each as often', function* () {
    const channels = [full(), full(), full()]
    const hits = [0, 0, 0]
    for (let i = 0; i < count; i++) hits[(yield* on(select(channels))).case]!++
    expectEven(hits)
  })

  inBothStyles('a select that does not wait picks each as often', function* () {
    const channels = [full(), full(), full()]
    const hits = [0, 0, 0]
    for (let i = 0; i < count; i++) hits[trySelect(channels)!.case]!++
    expectEven(hits)
  })

  // crossbeam: select_macro.rs fairness_send
  inBothStyles('a send picks each as often', function* () {
    const channels = [chan<number>(count), chan<number>(count), chan<number>(count)]
    for (let i = 0; i < count; i++) yield* on(select(channels.map((ch) => sending(ch, i))))
    expectEven(channels.map(({ length }) => length))
  })

  // crossbeam: array.rs fairness_duplicates
  inBothStyles('one that is named five times is picked as often by each name', function* () {
    const ch = full()
    const hits = [0, 0, 0, 0, 0]
    for (let i = 0; i < count; i++) hits[(yield* on(select([ch, ch, ch, ch, ch]))).case]!++
    expectEven(hits)
  })
})

// crossbeam: zero.rs fairness
describe('two selects that meet on two channels', () => {
  inEveryPair('use either often', function* (one, other) {
    const channels = [chan<number>(), chan<number>()]
    const received = [0, 0]
    const receiver = one.go(function* () {
      for (let i = 0; i < count; i++) received[(yield* on(select(channels))).case]!++
    })
    const sent = [0, 0]
    const sender = other.go(function* () {
      for (let i = 0; i < count; i++) sent[(yield* on(select(channels.map((ch) => sending(ch, i))))).case]!++
    })
    yield* on(sender.join())
    yield* on(receiver.join())
    expect(sent).toEqual(received)
    expectEven(sent)
  })
})

function* meetOnOneChannel(): Body<[number[], number[]]> {
  const ch = chan<number>()
  const [received, sent] = [new Array<number>(5).fill(0), new Array<number>(5).fill(0)]
  for (let i = 0; i < count; i++) {
    const receiving = select([ch, ch, ch, ch, ch])
    sent[trySelect([ch, ch, ch, ch, ch].map((each) => sending(each, i)))!.case]!++
    received[(yield* on(receiving)).case]!++
  }
  return [received, sent]
}

// crossbeam: zero.rs fairness_duplicates
describe('two selects that name one channel five times', () => {
  inBothStyles('use each name as often, on the side that finds the other waiting', function* () {
    expectEven((yield* meetOnOneChannel())[1])
  })

  inBothStyles('use each name as often, on the side that waits', function* () {
    expectEven((yield* meetOnOneChannel())[0])
  })
})

// crossbeam: select.rs fairness2. A sender that keeps at most one value in two of three channels.
describe('a sender that fills what is empty, and a receiver on all three', () => {
  inEveryPair('use every channel', function* (one, other) {
    const channels = [chan<number>(100), chan<number>(1), chan<number>()]
    one.go(function* () {
      for (let i = 0; i < count; i++) {
        yield* on(select(channels.map((ch, at) => (at === 2 || ch.length === 0 ? sending(ch, i) : null))))
      }
    })
    const hits = [0, 0, 0]
    const receiver = other.go(function* () {
      for (let i = 0; i < count; i++) {
        // Threads are preempted; a goroutine that never gave way would find at most one value.
        for (let turns = i % 4; turns > 0; turns--) yield* on(gosched())
        hits[(yield* on(select(channels))).case]!++
      }
    })
    yield* on(receiver.join())
    expectEven(hits, 50)
  })
})

// crossbeam: select_macro.rs unfairness, unfairness_try
describe("order: 'listed'", () => {
  inBothStyles('takes the first that is ready', function* () {
    const [a, b, c] = [full(), full(), chan<number>()]
    for (let i = 0; i < 100; i++) {
      expect((yield* on(select([c, a, b], { order: 'listed' }))).case).toBe(1)
      expect((yield* on(select({ c, b, a }, { order: 'listed' }))).case).toBe('b')
      expect((yield* on(select({ sent: sending(chan<number>(1), 1), b }, { order: 'listed' }))).case).toBe('sent')
    }
  })
})
