// What happens to a subscriber that is slow. tokio's tests/sync_broadcast.rs are named where one is followed.

import { describe, expect } from 'vitest'
import { broadcast, ContextCanceledError, go, KilledError } from 'warren'
import { drain } from '../support/drain.ts'
import { receiveForms } from '../support/forms.ts'
import { attempt, idle, inBothStyles, inEveryPair, type Outcome, on } from '../support/styles.ts'

describe("lag: 'block'", () => {
  inEveryPair('a sender waits for the slowest, and what it sends reaches all in one step', function* (one, other) {
    const hub = broadcast<number>({ capacity: 2, lag: 'block' })
    const [fast, slow] = [hub.subscribe(), hub.subscribe()]
    const sender = attempt(one, function* () {
      for (let i = 0; i < 4; i++) yield* on(hub.send(i))
    })
    yield* on(idle())
    expect(drain(fast)).toEqual([0, 1])
    yield* on(idle())
    expect([sender.state, drain(fast), hub.trySend(9)]).toEqual(['pending', [], false])
    yield* on(
      other
        .go(function* () {
          expect(yield* on(slow.receive())).toBe(0)
        })
        .join(),
    )
    yield* on(idle())
    expect([drain(fast), slow.length, sender.state]).toEqual([[2], 2, 'pending'])
    expect(drain(slow)).toEqual([1, 2, 3])
    yield* on(idle())
    expect([drain(fast), sender.state, fast.missed, slow.missed]).toEqual([[3], 'done', 0, 0])
  })

  inBothStyles('blocked senders go first come, first served', function* (style) {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    const subscription = hub.subscribe()
    yield* on(hub.send(0))
    for (let i = 1; i <= 5; i++) {
      style.go(function* () {
        yield* on(hub.send(i))
      })
    }
    yield* on(idle())
    for (let i = 0; i <= 5; i++) expect(yield* on(subscription.receive())).toBe(i)
  })

  inBothStyles('one that waits is not overtaken by one that only tries', function* (style) {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    const [a, b] = [hub.subscribe(), hub.subscribe()]
    yield* on(hub.send(0))
    style.go(function* () {
      yield* on(hub.send(1))
    })
    yield* on(idle())
    expect(a.tryReceive()?.value).toBe(0)
    expect(hub.trySend(2)).toBe(false)
    expect(b.tryReceive()?.value).toBe(0)
    yield* on(idle())
    expect([drain(a), drain(b)]).toEqual([[1], [1]])
  })

  for (const form of ['receive', 'receiveMany', 'select', 'tryReceive', 'unsubscribe', 'dispose'] as const) {
    inBothStyles(`room is made by ${form}`, function* (style) {
      const hub = broadcast<number>({ capacity: 1, lag: 'block' })
      const subscription = hub.subscribe()
      yield* on(hub.send(1))
      const sender = attempt(style, function* () {
        yield* on(hub.send(2))
      })
      yield* on(idle())
      expect(sender.state).toBe('pending')
      if (form === 'tryReceive') subscription.tryReceive()
      else if (form === 'unsubscribe') subscription.unsubscribe()
      else if (form === 'dispose') subscription[Symbol.dispose]()
      else yield* receiveForms[form]!(subscription)
      yield* on(idle())
      expect(sender.state).toBe('done')
    })
  }

  inBothStyles('a batch makes room for as many senders', function* (style) {
    const hub = broadcast<number>({ capacity: 3, lag: 'block' })
    const subscription = hub.subscribe()
    const senders: Outcome<void>[] = []
    for (let i = 0; i < 8; i++) {
      senders.push(
        attempt(style, function* () {
          yield* on(hub.send(i))
        }),
      )
    }
    yield* on(idle())
    expect(yield* on(subscription.receiveMany())).toEqual([0, 1, 2])
    expect(subscription.length).toBe(3)
    expect(yield* on(subscription.receiveMany(2))).toEqual([3, 4])
    expect(drain(subscription)).toEqual([5, 6, 7])
    yield* on(idle())
    expect(senders.every(({ state }) => state === 'done')).toBe(true)
  })

  inBothStyles('a cancelled or killed send has reached nobody', function* (style) {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    const [a, b] = [hub.subscribe(), hub.subscribe()]
    yield* on(hub.send(1))
    drain(b)
    const controller = new AbortController()
    const cancelled = attempt(style, function* () {
      yield* on(hub.send(2, controller.signal))
    })
    const killed = go(function* () {
      yield* hub.send(3)
    })
    const joined = killed.join().catch((error: unknown) => error)
    yield* on(idle())
    controller.abort()
    killed.kill()
    yield* on(idle())
    expect(cancelled.error).toBeInstanceOf(ContextCanceledError)
    void joined.then((error) => expect(error).toBeInstanceOf(KilledError))
    expect([drain(a), drain(b)]).toEqual([[1], []])
    yield* on(hub.send(4))
    expect([drain(a), drain(b)]).toEqual([[4], [4]])
  })

  inBothStyles('a send under an ended context reaches nobody', function* (style) {
    const hub = broadcast<number>({ capacity: 1, lag: 'block' })
    const subscription = hub.subscribe()
    const outcome = attempt(style, function* () {
      yield* on(hub.send(1, AbortSignal.abort()))
    })
    yield* on(idle())
    expect(outcome.error).toBeInstanceOf(ContextCanceledError)
    expect(drain(subscription)).toEqual([])
  })
})

describe('a subscriber that lags', () => {
  // tokio: lagging_rx, capacity_overflow_reports_lagged_then_oldest_retained, single_slot_capacity_lag_semantics
  for (const capacity of [1, 2, 5]) {
    inBothStyles(`under drop-oldest has the last ${capacity}, and knows how many it missed`, function* () {
      const hub = broadcast<number>({ capacity, lag: 'drop-oldest' })
      const subscription = hub.subscribe()
      for (let i = 0; i < 12; i++) yield* on(hub.send(i))
      expect(subscription.missed).toBe(12 - capacity)
      expect(drain(subscription)).toEqual(Array.from({ length: capacity }, (_, i) => 12 - capacity + i))
      // tokio: lag_catch_up_then_lag_again
      for (let i = 0; i < capacity + 1; i++) yield* on(hub.send(i))
      expect(subscription.missed).toBe(12 - capacity + 1)
    })

    inBothStyles(`under drop-newest has the first ${capacity}, and knows how many it missed`, function* () {
      const hub = broadcast<number>({ capacity, lag: 'drop-newest' })
      const subscription = hub.subscribe()
      for (let i = 0; i < 12; i++) yield* on(hub.send(i))
      expect(subscription.missed).toBe(12 - capacity)
      expect(drain(subscription)).toEqual(Array.from({ length: capacity }, (_, i) => i))
    })
  }

  // tokio: lag_is_per_receiver, slow_receiver_within_capacity_does_not_lag
  inBothStyles('does not make others lag', function* () {
    for (const lag of ['drop-oldest', 'drop-newest'] as const) {
      const hub = broadcast<number>({ capacity: 2, lag })
      const [slow, prompt] = [hub.subscribe(), hub.subscribe()]
      const values: number[] = []
      for (let i = 0; i < 6; i++) {
        yield* on(hub.send(i))
        values.push(...drain(prompt))
      }
      expect([values, prompt.missed, slow.missed]).toEqual([[0, 1, 2, 3, 4, 5], 0, 4])
    }
  })

  inBothStyles('misses nothing while it waits: the value is handed over', function* (style) {
    for (const lag of ['drop-oldest', 'drop-newest'] as const) {
      const hub = broadcast<number>({ capacity: 1, lag })
      const subscription = hub.subscribe()
      const outcome = attempt(style, function* () {
        return yield* on(subscription.receive())
      })
      yield* on(idle())
      hub.trySend(1)
      hub.trySend(2)
      yield* on(idle())
      expect([outcome.value, drain(subscription), subscription.missed]).toEqual([1, [2], 0])
    }
  })
})
