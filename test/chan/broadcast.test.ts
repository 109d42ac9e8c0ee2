// Many receivers. tokio's tests/sync_broadcast.rs are named where one is followed.

import { describe, expect, test } from 'vitest'
import { type Broadcast, type BroadcastOptions, broadcast, chan, go, KilledError, select } from 'warren'
import { drain } from '../support/drain.ts'
import { receiveForms } from '../support/forms.ts'
import { Canary } from '../support/gc.ts'
import { checkInvariants } from '../support/kinds.ts'
import { attempt, type Body, idle, inBothStyles, inEveryPair, on } from '../support/styles.ts'

const lags: readonly BroadcastOptions['lag'][] = ['block', 'drop-oldest', 'drop-newest']

function overLags(title: string, body: (hub: Broadcast<number>, lag: BroadcastOptions['lag']) => Body): void {
  for (const lag of lags) inBothStyles(`${title} (${lag})`, () => body(broadcast<number>({ capacity: 3, lag }), lag))
}

describe('every subscriber', () => {
  // tokio: send_two_recv, send_two_recv_bounded
  overLags('gets every value, in the same order', function* (hub) {
    const subscriptions = [hub.subscribe(), hub.subscribe(), hub.subscribe()]
    expect(hub.subscribers).toBe(3)
    for (let i = 0; i < 3; i++) yield* on(hub.send(i))
    for (const each of subscriptions) expect(drain(each)).toEqual([0, 1, 2])
  })

  inEveryPair('sees the values of two senders in the order in which all the others do', function* (one, other) {
    const hub = broadcast<number>({ capacity: 3, lag: 'block' })
    const readers = Array.from({ length: 5 }, () => {
      const subscription = hub.subscribe()
      return other.go(function* () {
        const seen: number[] = []
        for (;;) {
          const values = yield* on(subscription.receiveMany(2))
          if (values.length === 0) return seen
          seen.push(...values)
        }
      })
    })
    const senders = [0, 100].map((base) =>
      one.go(function* () {
        for (let i = 0; i < 50; i++) yield* on(hub.send(base + i))
      }),
    )
    for (const sender of senders) yield* on(sender.join())
    hub.close()
    const first = yield* on(readers[0]!.join())
    expect(first).toHaveLength(100)
    for (const reader of readers) expect(yield* on(reader.join())).toEqual(first)
  })

  for (const [form, receive] of Object.entries(receiveForms)) {
    inEveryPair(`is woken by a send, when it waits in ${form}`, function* (one, other) {
      for (const lag of lags) {
        const hub = broadcast<number>({ capacity: 1, lag })
        const outcomes = [hub.subscribe(), hub.subscribe()].map((each) => attempt(one, () => receive(each)))
        yield* on(idle())
        expect(outcomes.map(({ state }) => state)).toEqual(['pending', 'pending'])
        yield* on(
          other
            .go(function* () {
              yield* on(hub.send(7))
            })
            .join(),
        )
        yield* on(idle())
        expect(outcomes.map(({ value }) => value)).toEqual([7, 7].map((value) => ({ value, ok: true })))
      }
    })
  }

  // tokio: resubscribe_points_to_tail
  overLags('gets what is sent from its subscription on', function* (hub) {
    const early = hub.subscribe()
    yield* on(hub.send(1))
    const late = hub.subscribe()
    yield* on(hub.send(2))
    expect([drain(early), drain(late)]).toEqual([[1, 2], [2]])
  })

  inBothStyles(
    'has a buffer of its own: a fast one does not wait for a slow one, nor for the sender',
    function* (style) {
      const hub = broadcast<number>({ capacity: 10, lag: 'block' })
      const [fast, slow] = [hub.subscribe(), hub.subscribe()]
      style.go(function* () {
        for (let i = 0; i < 10; i++) yield* on(hub.send(i))
        hub.close()
      })
      const values: number[] = []
      for (;;) {
        const result = yield* on(fast.next())
        if (result.done === true) break
        values.push(result.value)
      }
      expect(values).toEqual(drain(slow))
      expect(values).toHaveLength(10)
    },
  )

  test('can iterate', async () => {
    const hub = broadcast<number>({ capacity: 5, lag: 'block' })
    const sums = [hub.subscribe(), hub.subscribe()].map(async (subscription) => {
      let sum = 0
      for await (const value of subscription) sum += value
      return sum
    })
    for (let i = 1; i <= 100; i++) await hub.send(i)
    hub.close()
    expect(await Promise.all(sums)).toEqual([5050, 5050])
  })

  inBothStyles('can be a case of a select', function* () {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    const [subscription, other] = [hub.subscribe(), chan<number>()]
    yield* on(hub.send(5))
    expect(yield* on(select({ other, subscription }))).toEqual({ case: 'subscription', ok: true, value: 5 })
    hub.close()
    expect(yield* on(select({ other, subscription }))).toMatchObject({ case: 'subscription', ok: false })
  })
})

describe('without a subscriber', () => {
  // tokio: send_no_rx (there an error)
  overLags('a value goes nowhere', function* (hub) {
    for (let i = 0; i < 10; i++) yield* on(hub.send(i))
    expect(hub.trySend(10)).toBe(true)
    expect(drain(hub.subscribe())).toEqual([])
  })
})

describe('close', () => {
  // tokio: dropping_tx_notifies_rx, dropping_sender_does_not_overwrite
  overLags('ends every subscription, after what it still holds', function* (hub) {
    const [a, b] = [hub.subscribe(), hub.subscribe()]
    yield* on(hub.send(1))
    drain(b)
    hub.close()
    expect(yield* on(a.next())).toEqual({ value: 1, done: false })
    expect(yield* on(a.next())).toEqual({ value: undefined, done: true })
    expect(yield* on(b.next())).toEqual({ value: undefined, done: true })
    expect(hub.subscribers).toBe(0)
  })

  inEveryPair('wakes subscribers that wait, and senders with an error', function* (one, other) {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    const [full, empty] = [hub.subscribe(), hub.subscribe()]
    yield* on(hub.send(1))
    drain(empty)
    const receiver = attempt(one, function* () {
      return yield* on(empty.next())
    })
    const sender = attempt(other, function* () {
      yield* on(hub.send(2))
    })
    yield* on(idle())
    hub.close()
    yield* on(idle())
    expect(receiver.value).toEqual({ value: undefined, done: true })
    expect(sender.error).toMatchObject({ code: 'ERR_SEND_CLOSED', value: 2 })
    expect(drain(full)).toEqual([1])
  })

  overLags('makes every later send panic, and every later subscription empty', function* (hub) {
    hub.close()
    expect(() => hub.trySend(1)).toThrow(expect.objectContaining({ code: 'ERR_SEND_CLOSED', value: 1 }))
    let error: unknown
    try {
      yield* on(hub.send(2))
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ code: 'ERR_SEND_CLOSED', value: 2 })
    // tokio: resubscribe_to_closed_channel
    expect(yield* on(hub.subscribe().next())).toEqual({ value: undefined, done: true })
    expect(() => hub.close()).toThrow(expect.objectContaining({ code: 'ERR_CLOSE_CLOSED' }))
  })
})

describe('leaving', () => {
  overLags('ends the subscription: nothing more arrives, and it may be repeated', function* (hub) {
    const [staying, leaving] = [hub.subscribe(), hub.subscribe()]
    yield* on(hub.send(1))
    leaving.unsubscribe()
    leaving.unsubscribe()
    leaving[Symbol.dispose]()
    yield* on(hub.send(2))
    expect([hub.subscribers, drain(staying), drain(leaving)]).toEqual([1, [1, 2], [1]])
    expect(yield* on(leaving.next())).toEqual({ value: undefined, done: true })
    hub.close()
    leaving.unsubscribe()
  })

  inBothStyles('wakes whoever waits on it', function* (style) {
    const subscription = broadcast<number>({ capacity: 1, lag: 'block' }).subscribe()
    const outcome = attempt(style, function* () {
      return yield* on(subscription.next())
    })
    yield* on(idle())
    subscription.unsubscribe()
    yield* on(idle())
    expect(outcome.value).toEqual({ value: undefined, done: true })
  })

  test('happens at the end of a scope that declared it with using', async () => {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    {
      using subscription = hub.subscribe()
      await hub.send(1)
      expect([hub.subscribers, subscription.length]).toEqual([1, 1])
    }
    expect([hub.subscribers, hub.trySend(2)]).toEqual([0, true])
  })

  test('happens when its goroutine is killed, if that declared it with using', async () => {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    const goroutine = go(function* () {
      using subscription = hub.subscribe()
      for (;;) yield* subscription.receive()
    })
    await idle()
    expect(hub.subscribers).toBe(1)
    goroutine.kill()
    await expect(goroutine.join()).rejects.toBeInstanceOf(KilledError)
    expect(hub.subscribers).toBe(0)
  })

  inBothStyles('within a delivery, by a subscriber that has just been woken, disturbs nobody', function* (style) {
    const hub = broadcast<number>({ capacity: 2, lag: 'block' })
    const seen: number[][] = [[], [], []]
    const subscriptions = seen.map(() => hub.subscribe())
    const readers = subscriptions.map((subscription, index) =>
      style.go(function* () {
        for (;;) {
          const result = yield* on(subscription.next())
          if (result.done === true) return
          seen[index]!.push(result.value)
          if (index === 1 && result.value === 3) subscription.unsubscribe()
        }
      }),
    )
    for (let i = 0; i < 6; i++) yield* on(hub.send(i))
    hub.close()
    for (const reader of readers) yield* on(reader.join())
    expect(seen).toEqual([[0, 1, 2, 3, 4, 5], expect.arrayContaining([0, 1, 2, 3]), [0, 1, 2, 3, 4, 5]])
  })
})

describe('a subscription keeps the invariants of a channel', () => {
  overLags('after every step of a busy life', function* (hub) {
    const subscriptions = [hub.subscribe(), hub.subscribe()]
    for (let i = 0; i < 200; i++) {
      const subscription = subscriptions[i % 2]!
      if (i % 5 === 0) void subscription.receive()
      else if (i % 7 === 0) drain(subscription)
      else hub.trySend(i)
      for (const each of subscriptions) checkInvariants(each)
    }
    yield* on(idle())
  })
})

describe('options', () => {
  for (const [name, options, code] of [
    ['none', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['a capacity alone', { capacity: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['an unknown lag', { capacity: 1, lag: 'explode' }, 'ERR_INVALID_ARG_TYPE'],
    ['a lag alone', { lag: 'block' }, 'ERR_INVALID_ARG_TYPE'],
    // tokio: zero_capacity
    ['capacity 0', { capacity: 0, lag: 'block' }, 'ERR_CHAN_SIZE'],
    ['capacity -1', { capacity: -1, lag: 'block' }, 'ERR_CHAN_SIZE'],
    ['capacity 1.5', { capacity: 1.5, lag: 'block' }, 'ERR_CHAN_SIZE'],
  ] as const) {
    test(`${name}: ${code}`, () => {
      expect(() => broadcast(options as never)).toThrow(expect.objectContaining({ code }))
    })
  }

  test('a lag that is not said is named in the message', () => {
    // @ts-expect-error it must be said
    expect(() => broadcast({ capacity: 1 })).toThrow(
      "lag must be 'block', 'drop-newest' or 'drop-oldest', not undefined",
    )
  })
})

describe('what nobody can reach is collected', () => {
  function stuckSubscriber(hold: object): void {
    go(async () => {
      await broadcast<number>({ capacity: 1, lag: 'block' }).subscribe().receive()
      return hold
    })
  }
  function stuckSender(hold: object): void {
    go(function* () {
      const hub = broadcast<object>({ capacity: 1, lag: 'block' })
      const subscription = hub.subscribe()
      yield* hub.send(hold)
      yield* hub.send(hold)
      return subscription
    })
  }
  for (const [name, start] of Object.entries({ stuckSubscriber, stuckSender })) {
    test(name, async () => {
      const canary = new Canary()
      start(canary.hatch())
      expect(await canary.collected(1)).toBe(1)
    })
  }

  test('a subscription that was left, though the broadcast lives on', async () => {
    const hub = broadcast<object>({ capacity: 4, lag: 'drop-oldest' })
    const canary = new Canary()
    const subscribeAndLeave = (): void => {
      const subscription = hub.subscribe()
      for (let i = 0; i < 4; i++) hub.trySend(canary.hatch())
      subscription.unsubscribe()
    }
    subscribeAndLeave()
    expect(await canary.collected(4)).toBe(4)
    expect(hub.trySend({})).toBe(true)
  })
})
