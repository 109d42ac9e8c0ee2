// The latest value. tokio's tests/sync_watch.rs are named where one is followed.

import { describe, expect, test } from 'vitest'
import { chan, select, type Watch, watch } from 'warren'
import { attempt, idle, inBothStyles, inEveryPair, on } from '../support/styles.ts'

describe('the value', () => {
  test('is the initial one until it is changed', () => {
    const level = watch('info')
    expect(level.value).toBe('info')
    level.set('warn')
    expect(level.value).toBe('warn')
    level.update((before) => `${before}!`)
    expect(level.value).toBe('warn!')
  })

  test('may be anything', () => {
    for (const value of [undefined, null, Number.NaN, () => 1, Promise.resolve(1)]) {
      const watched = watch<unknown>(0)
      watched.set(value)
      expect(Object.is(watched.value, value)).toBe(true)
    }
  })

  // tokio: send_modify_panic
  test('stays as it is when the change throws, and nobody is told', () => {
    const counter = watch(1)
    const changes = counter.subscribe()
    changes.tryReceive()
    expect(() =>
      counter.update(() => {
        throw new RangeError('no')
      }),
    ).toThrow(RangeError)
    expect([counter.value, changes.tryReceive()]).toEqual([1, undefined])
  })

  test('update needs a function', () => {
    expect(() => watch(1).update(5 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  })
})

describe('a subscriber', () => {
  // tokio: single_rx_recv (there the first value must be asked for)
  inBothStyles('gets the present value first, then each change', function* () {
    const counter = watch(1)
    const changes = counter.subscribe()
    expect(yield* on(changes.receive())).toBe(1)
    expect(changes.tryReceive()).toBeUndefined()
    counter.set(2)
    expect(yield* on(changes.receive())).toBe(2)
    expect(changes.tryReceive()).toBeUndefined()
  })

  inBothStyles('that comes later gets the value of then', function* () {
    const counter = watch(1)
    counter.set(5)
    expect(yield* on(counter.subscribe().receive())).toBe(5)
  })

  // tokio: rx_observes_final_value
  inBothStyles('that is slow gets the newest value, once, and knows how many it missed', function* () {
    const counter = watch(0)
    const changes = counter.subscribe()
    for (let i = 1; i <= 10; i++) counter.set(i)
    expect(yield* on(changes.receive())).toBe(10)
    expect([changes.tryReceive(), changes.missed]).toEqual([undefined, 10])
  })

  // tokio: multi_rx
  inEveryPair('has its own pace', function* (one, other) {
    const counter = watch(0)
    const [fast, slow] = [counter.subscribe(), counter.subscribe()]
    const seen: number[] = []
    const reader = one.go(function* () {
      for (;;) {
        const result = yield* on(fast.next())
        if (result.done === true) return
        seen.push(result.value)
      }
    })
    const writer = other.go(function* () {
      for (let i = 1; i <= 5; i++) {
        yield* on(idle())
        counter.set(i)
      }
      yield* on(idle())
      counter.close()
    })
    yield* on(writer.join())
    yield* on(reader.join())
    expect(seen).toEqual([0, 1, 2, 3, 4, 5])
    expect(yield* on(slow.receiveMany())).toEqual([5])
  })

  inBothStyles('is told of a change to the same value too', function* () {
    const flag = watch(true)
    const changes = flag.subscribe()
    expect(yield* on(changes.receive())).toBe(true)
    flag.set(true)
    expect(yield* on(changes.receive())).toBe(true)
  })

  inBothStyles('can wait in a select, and sees the value that woke it or a newer one', function* (style) {
    const counter = watch(0)
    const changes = counter.subscribe()
    yield* on(changes.receive())
    const outcome = attempt(style, function* () {
      return yield* on(select({ changes, other: chan() }))
    })
    yield* on(idle())
    counter.set(1)
    counter.set(2)
    yield* on(idle())
    expect(outcome.value).toEqual({ case: 'changes', ok: true, value: 1 })
    expect(changes.tryReceive()?.value).toBe(2)
  })

  test('can iterate', async () => {
    const counter = watch(0)
    const seen: number[] = []
    const reading = (async () => {
      for await (const value of counter.subscribe()) {
        seen.push(value)
        if (value < 3) counter.set(value + 1)
        else counter.close()
      }
    })()
    await reading
    expect(seen).toEqual([0, 1, 2, 3])
  })

  test('can leave', () => {
    const counter = watch(0)
    const changes = counter.subscribe()
    expect(counter.subscribers).toBe(1)
    changes.unsubscribe()
    counter.set(1)
    expect([counter.subscribers, changes.tryReceive(), changes.tryReceive()]).toEqual([
      0,
      { value: 0, ok: true },
      { value: undefined, ok: false },
    ])
  })
})

describe('close', () => {
  // tokio: changed_succeeds_on_closed_channel_with_unseen_value, changed_errors_on_closed_channel_with_seen_value
  inBothStyles('ends subscriptions after the change that they have not seen', function* () {
    const counter = watch(0)
    const [current, behind] = [counter.subscribe(), counter.subscribe()]
    yield* on(current.receive())
    counter.close()
    expect(yield* on(current.next())).toEqual({ value: undefined, done: true })
    expect(yield* on(behind.next())).toEqual({ value: 0, done: false })
    expect(yield* on(behind.next())).toEqual({ value: undefined, done: true })
  })

  test('leaves the value, which can no longer be changed', () => {
    const counter: Watch<number> = watch(1)
    counter.close()
    expect(() => counter.set(2)).toThrow(expect.objectContaining({ code: 'ERR_SEND_CLOSED', value: 2 }))
    expect(() => counter.update((before) => before + 1)).toThrow(expect.objectContaining({ code: 'ERR_SEND_CLOSED' }))
    expect(counter.value).toBe(1)
    expect(() => counter.close()).toThrow(expect.objectContaining({ code: 'ERR_CLOSE_CLOSED' }))
  })

  inBothStyles('wakes who waits', function* (style) {
    const counter = watch(0)
    const changes = counter.subscribe()
    yield* on(changes.receive())
    const outcome = attempt(style, function* () {
      return yield* on(changes.next())
    })
    yield* on(idle())
    counter.close()
    yield* on(idle())
    expect(outcome.value).toEqual({ value: undefined, done: true })
  })
})
