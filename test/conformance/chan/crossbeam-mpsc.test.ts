// crossbeam-channel: tests/mpsc.rs (the suite of Rust's std::sync::mpsc), tests/never.rs, tests/same_channel.rs and
// tests/thread_locals.rs; only what the other files of this folder do not ask already.

import { describe, expect, test } from 'vitest'
import { type Chan, chan, go, gosched, never, select, trySelect } from 'warren'
import { expectNoWaiters, lossless, overKinds } from '../../support/kinds.ts'
import { attempt, type Body, idle, inBothStyles, inEveryPair, Outcome, on } from '../../support/styles.ts'

// crossbeam: mpsc.rs port_gone_concurrent, port_gone_concurrent_shared
describe('senders whose channel is closed by the receiver', () => {
  overKinds(lossless, 'stop at the error, all of them', function* (kind, style) {
    const ch = kind.make<number>()
    const senders = [0, 1].map((i) =>
      attempt(style, function* () {
        for (;;) yield* on(ch.send(i))
      }),
    )
    yield* on(ch.receive())
    yield* on(idle())
    ch.close()
    yield* on(idle())
    expect(senders.map(({ error }) => (error as { code: string }).code)).toEqual(['ERR_SEND_CLOSED', 'ERR_SEND_CLOSED'])
    expectNoWaiters(ch)
  })
})

// crossbeam: mpsc.rs oneshot_*_stress
describe('a channel for one value', () => {
  inEveryPair('whether its close, its send or its receive comes first', function* (one, other) {
    for (let i = 0; i < 300; i++) {
      const ch = chan<number>(i % 2)
      const steps: (() => Body<unknown>)[] = [
        function* () {
          return yield* on(ch.next())
        },
        function* () {
          yield* on(ch.send(i))
        },
        function* () {
          ch.close()
        },
      ]
      // Every order of the three.
      const first = steps.splice(i % 3, 1)[0]!
      const second = steps.splice(i % 2, 1)[0]!
      const outcomes = [first, second, steps[0]!].map(
        (step, at) => new Outcome((at === 1 ? one : other).go(step).join()),
      )
      yield* on(idle())
      for (const { state, value, error } of outcomes) {
        if (state === 'pending') expect.unreachable()
        if (state === 'failed') expect((error as { code: string }).code).toBe('ERR_SEND_CLOSED')
        else if (value !== undefined) expect([i, undefined]).toContain((value as IteratorResult<number>).value)
      }
      expectNoWaiters(ch)
    }
  })
})

// crossbeam: mpsc.rs stream_send_recv_stress
describe('a chain of goroutines, each starting the next', () => {
  inEveryPair('sends and receives in order', function* (one, other) {
    const ch = chan<number>()
    const last = chan<true>()
    function* send(i: number): Body {
      if (i === 1000) return
      yield* on(ch.send(i))
      one.go(send, i + 1)
    }
    function* receive(i: number): Body {
      if (i === 1000) {
        last.close()
        return
      }
      expect(yield* on(ch.receive())).toBe(i)
      other.go(receive, i + 1)
    }
    one.go(send, 0)
    other.go(receive, 0)
    yield* on(last.receive())
  })
})

// crossbeam: mpsc.rs test_nested_recv_iter, test_recv_iter_break, test_recv_into_iter_*
describe('iterating a channel', () => {
  test('ends with the channel', async () => {
    const ch = chan<number>(3)
    await ch.sendMany([3, 1, 2])
    ch.close()
    let sum = 0
    for await (const value of ch) sum += value
    expect(sum).toBe(6)
  })

  test('leaves the rest where it is, when it is left early', async () => {
    const ch = chan<number>(4)
    await ch.sendMany([2, 2, 2, 2])
    let sum = 0
    for await (const value of ch) {
      if (sum >= 3) break
      sum += value
    }
    expect([sum, ch.length]).toEqual([4, 1])
  })

  test('waits for each value', async () => {
    const ch = chan<number>()
    const seen: number[] = []
    const reader = go(async () => {
      for await (const value of ch) seen.push(value)
    })
    for (let i = 0; i < 3; i++) await ch.send(i)
    ch.close()
    await reader.join()
    expect(seen).toEqual([0, 1, 2])
  })
})

// crossbeam: mpsc.rs try_recv_states
describe('tryReceive', () => {
  inEveryPair('tells empty, ready and closed apart', function* (one) {
    const [values, go1, back] = [chan<number>(1), chan<true>(), chan<true>()]
    one.go(function* () {
      yield* on(go1.receive())
      yield* on(values.send(1))
      yield* on(back.send(true))
      yield* on(go1.receive())
      values.close()
      yield* on(back.send(true))
    })
    expect(values.tryReceive()).toBeUndefined()
    yield* on(go1.send(true))
    yield* on(back.receive())
    expect(values.tryReceive()).toEqual({ value: 1, ok: true })
    expect(values.tryReceive()).toBeUndefined()
    yield* on(go1.send(true))
    yield* on(back.receive())
    expect(values.tryReceive()).toEqual({ value: undefined, ok: false })
  })
})

// crossbeam: mpsc.rs recv_a_lot
describe('a great many values', () => {
  inBothStyles('come out of a buffer that a receiver never had to wait for', function* () {
    const count = 100_000
    const ch = chan<number>(count)
    for (let i = 0; i < count; i++) yield* on(ch.send(i))
    for (let i = 0; i < count; i++) if ((yield* on(ch.receive())) !== i) expect.unreachable()
  })
})

// crossbeam: mpsc.rs destroy_upgraded_shared_port_when_sender_still_active
describe('a receiver that has been asleep for long', () => {
  inEveryPair('is woken all the same', function* (one) {
    const [ch, reply]: [Chan<number>, Chan<number>] = [chan(), chan()]
    one.go(function* () {
      const value = yield* on(ch.receive())
      yield* on(reply.send(value!))
    })
    for (let i = 0; i < 5000; i++) yield* on(gosched())
    yield* on(ch.send(9))
    expect(yield* on(reply.receive())).toBe(9)
  })
})

// crossbeam: never.rs
describe('the channel that is never ready', () => {
  test('has nothing and takes nothing', () => {
    expect([never.length, never.capacity, never.tryReceive(), never.trySend(1)]).toEqual([0, 0, undefined, false])
    expect(trySelect({ never })).toBeUndefined()
  })

  inBothStyles('stands in for one that is optional', function* () {
    const ch = chan<number>(2)
    yield* on(ch.sendMany([1, 2]))
    const one = (optional: Chan<number> | undefined) => trySelect({ value: optional ?? never })
    expect(one(ch)?.value).toBe(1)
    expect(one(undefined)).toBeUndefined()
    expect(ch.length).toBe(1)
  })

  inBothStyles('replaces a channel that has given enough', function* (style) {
    const ch = chan<number>()
    style.go(function* () {
      for (let i = 0; ; i++) yield* on(ch.send(i))
    })
    const steps = attempt(style, function* () {
      let from: Chan<number> = ch
      for (let step = 0; ; ) {
        yield* on(select({ from }))
        if (++step === 10) from = never
        counted = step
      }
    })
    let counted = 0
    yield* on(idle())
    expect([counted, steps.state]).toEqual([10, 'pending'])
  })
})

// crossbeam: same_channel.rs. Handles are not cloned here: a channel is the same as itself and as no other.
test('a channel is equal to itself only', () => {
  const ch = chan<number>(1)
  const sameKind = chan<number>(1)
  expect(Object.is(ch, ch)).toBe(true)
  expect(ch === sameKind).toBe(false)
})

// crossbeam: thread_locals.rs. There a channel is used while its thread exits; here while its goroutine is unwound.
test('a goroutine that is being ended can still wait in a select', async () => {
  const [ready, release] = [chan<never>(), chan<number>()]
  let picked: unknown
  const goroutine = go(function* () {
    try {
      yield* ready.receive()
    } finally {
      picked = (yield* select({ release })).value
    }
  })
  await gosched()
  goroutine.kill()
  await release.send(5)
  await expect(goroutine.join()).rejects.toThrow('was killed')
  expect(picked).toBe(5)
})
