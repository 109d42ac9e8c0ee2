// Invariants 1 to 5 of the channel; 6 is in starvation.test.ts, 7 and 8 in limits.test.ts.

import { describe, expect, test } from 'vitest'
import { type Chan, ContextCanceledError, chan, select, sending } from 'warren'
import { receiveForms, sendForms } from '../support/forms.ts'
import {
  buffered,
  checkInvariants,
  expectNoWaiters,
  internals,
  lossless,
  overKinds,
  waitersOf,
} from '../support/kinds.ts'
import { attempt, generatorStyle, idle, inBothStyles, inEveryPair, Outcome, on } from '../support/styles.ts'

const count = 2000

describe('1. a value is received once or is still in the channel', () => {
  for (const [form, receive] of Object.entries(receiveForms)) {
    overKinds(lossless, `a cancelled ${form} takes nothing`, function* (kind, style) {
      const ch = kind.make<number>()
      const controller = new AbortController()
      const cancelled = attempt(style, () => receive(ch, controller.signal))
      const patient = attempt(style, () => receive(ch))
      yield* on(idle())
      controller.abort('enough')
      checkInvariants(ch)
      yield* on(ch.send(1))
      yield* on(idle())
      expect(cancelled.error).toBeInstanceOf(ContextCanceledError)
      expect(cancelled.error).toMatchObject({ cause: 'enough' })
      expect(patient.value).toEqual({ value: 1, ok: true })
      expectNoWaiters(ch)
    })

    overKinds(lossless, `a ${form} that is woken before the cancel wins`, function* (kind, style) {
      const ch = kind.make<number>()
      const controller = new AbortController()
      const outcome = attempt(style, () => receive(ch, controller.signal))
      yield* on(idle())
      // Both in one step: the goroutine has not run in between.
      ch.trySend(1)
      controller.abort()
      yield* on(idle())
      expect(outcome.value).toEqual({ value: 1, ok: true })
    })

    overKinds(buffered, `a ${form} under an ended context does not touch the channel`, function* (kind, style) {
      const ch = kind.make<number>()
      yield* on(ch.send(1))
      const outcome = attempt(style, () => receive(ch, AbortSignal.abort()))
      yield* on(idle())
      expect(outcome.error).toBeInstanceOf(ContextCanceledError)
      expect(ch.length).toBe(1)
    })
  }

  for (const [form, send] of Object.entries(sendForms)) {
    overKinds(lossless, `a cancelled ${form} has not sent`, function* (kind, style) {
      const ch = kind.make<number>()
      for (let i = 0; i < kind.capacity; i++) ch.trySend(i)
      const controller = new AbortController()
      const cancelled = attempt(style, () => send(ch, 100, controller.signal))
      const patient = attempt(style, () => send(ch, 200))
      yield* on(idle())
      controller.abort()
      checkInvariants(ch)
      const values: number[] = []
      for (let i = 0; i <= kind.capacity; i++) values.push((yield* on(ch.receive()))!)
      yield* on(idle())
      expect(cancelled.error).toBeInstanceOf(ContextCanceledError)
      expect([values.at(-1), patient.state]).toEqual([200, 'done'])
      expectNoWaiters(ch)
    })

    overKinds(lossless, `a ${form} under an ended context does not touch the channel`, function* (kind, style) {
      const ch = kind.make<number>()
      const receiver = attempt(style, () => receiveForms['next']!(ch))
      yield* on(idle())
      const outcome = attempt(style, () => send(ch, 1, AbortSignal.abort()))
      yield* on(idle())
      expect(outcome.error).toBeInstanceOf(ContextCanceledError)
      expect([receiver.state, ch.length]).toEqual(['pending', 0])
    })
  }

  inEveryPair('the cases that a select did not pick hold and take nothing', function* (one, other) {
    const channels = Array.from({ length: 4 }, () => chan<number>())
    const receiving = other.go(function* () {
      return yield* on(select(channels))
    })
    yield* on(idle())
    const sender = one.go(function* () {
      for (const ch of channels) {
        yield* on(select({ sent: sending(ch, 1), otherwise: sending(chan<number>(1), 0) }, { order: 'listed' }))
      }
    })
    yield* on(sender.join())
    expect((yield* on(receiving.join())).ok).toBe(true)
    expectNoWaiters(...channels)
  })

  test('a receive that nobody awaits does take a value: calls are eager', async () => {
    const ch = chan<number>()
    void ch.receive()
    expect(internals(ch).receivers.isEmpty).toBe(false)
    expect(ch.trySend(1)).toBe(true)
    expect(ch.trySend(2)).toBe(false)
  })
})

// 2. What an ordinary value is: values.test.ts.

describe('3. first in, first out among the blocked; at random among ready cases', () => {
  overKinds(lossless, 'senders that arrive in order are served in order, whatever their form', function* (kind, style) {
    const ch = kind.make<number>()
    const forms = Object.values(sendForms)
    const total = kind.capacity + 10 * forms.length
    for (let i = 0; i < total; i++) style.go(() => forms[i % forms.length]!(ch, i))
    yield* on(idle())
    expect(waitersOf(internals(ch).senders)).toHaveLength(total - kind.capacity)
    for (let i = 0; i < total; i++) expect(yield* on(ch.receive())).toBe(i)
  })

  overKinds(
    lossless,
    'receivers that arrive in order are served in order, whatever their form',
    function* (kind, style) {
      const ch = kind.make<number>()
      const forms = Object.values(receiveForms)
      const receivers = Array.from({ length: 10 * forms.length }, (_, i) =>
        attempt(style, () => forms[i % forms.length]!(ch)),
      )
      yield* on(idle())
      for (let i = 0; i < receivers.length; i++) yield* on(ch.send(i))
      yield* on(idle())
      expect(receivers.map(({ value }) => value!.value)).toEqual(receivers.map((_, i) => i))
    },
  )

  inBothStyles('a batch that waits lets the senders behind it take turns', function* (style) {
    const ch = chan<string>()
    style.go(function* () {
      yield* on(ch.sendMany(['a1', 'a2', 'a3']))
    })
    style.go(function* () {
      yield* on(ch.sendMany(['b1', 'b2', 'b3']))
    })
    yield* on(idle())
    const values: string[] = []
    for (let i = 0; i < 6; i++) values.push((yield* on(ch.receive()))!)
    expect(values).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
  })

  inBothStyles('among ready cases each is picked, near enough as often', function* () {
    const [a, b] = [chan<number>(count), chan<number>(count)]
    yield* on(a.sendMany(new Array<number>(count).fill(0)))
    yield* on(b.sendMany(new Array<number>(count).fill(0)))
    for (let i = 0; i < count; i++) yield* on(select({ a, b }))
    // Six standard deviations.
    expect(Math.abs(a.length - count / 2)).toBeLessThan(3 * Math.sqrt(count))
  })
})

describe('4. what happens before what', () => {
  for (const capacity of [0, 1, 5]) {
    inEveryPair(`a send before its receive, and receive k before send k + ${capacity} ends`, function* (one, other) {
      const ch = chan<number>(capacity)
      const written: number[] = []
      const read: number[] = []
      const sender = one.go(function* () {
        for (let i = 0; i < count; i++) {
          written[i] = i
          yield* on(ch.send(i))
          if (i >= capacity && received < i - capacity + 1) expect.unreachable()
        }
      })
      // Counted where the value leaves the channel: the receiving goroutine may run later.
      let received = 0
      const counter = countReceives(ch, () => received++)
      const receiver = other.go(function* () {
        for (let i = 0; i < count; i++) {
          const value = (yield* on(ch.receive()))!
          read.push(written[value]!)
        }
      })
      yield* on(sender.join())
      yield* on(receiver.join())
      counter.stop()
      expect(read).toEqual(written)
    })
  }

  inEveryPair('a close before the receive that sees it', function* (one, other) {
    const ch = chan<never>()
    let message = ''
    const receiver = other.go(function* () {
      yield* on(ch.receive())
      return message
    })
    one.go(function* () {
      message = 'hello'
      ch.close()
    })
    expect(yield* on(receiver.join())).toBe('hello')
  })
})

/** Watches the ways by which a value leaves a channel towards a receiver. */
function countReceives(ch: Chan<number>, onReceive: () => void): { stop(): void } {
  const channel = internals<number>(ch)
  const take = channel.take.bind(channel)
  const put = channel.put.bind(channel)
  channel.take = () => {
    onReceive()
    return take()
  }
  channel.put = (value) => {
    if (!channel.receivers.isEmpty) onReceive()
    return put(value)
  }
  return {
    stop() {
      Reflect.deleteProperty(channel, 'take')
      Reflect.deleteProperty(channel, 'put')
    },
  }
}

describe('5. an unbuffered send ends only when a receiver has taken the value', () => {
  for (const [form, send] of Object.entries(sendForms)) {
    inEveryPair(form, function* (one, other) {
      const ch = chan<number>()
      const sender = attempt(one, () => send(ch, 1))
      yield* on(idle())
      expect([sender.state, ch.length]).toEqual(['pending', 0])
      const receiver = new Outcome(other.go(() => receiveForms['next']!(ch)).join())
      yield* on(idle())
      expect([sender.state, receiver.value]).toEqual(['done', { value: 1, ok: true }])
    })
  }

  test('also when the receiver only tries', async () => {
    const ch = chan<number>()
    const sender = attempt(generatorStyle, () => sendForms['send']!(ch, 1))
    await idle()
    expect(ch.tryReceive()).toEqual({ value: 1, ok: true })
    await idle()
    expect(sender.state).toBe('done')
  })
})
