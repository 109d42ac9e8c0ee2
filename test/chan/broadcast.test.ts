import { describe, expect, expectTypeOf, test } from 'vitest'
import { broadcast, go, gosched, PanicError, type ReceiveChan, select, watch } from 'warren'
import { idle, inBothStyles, on } from '../support/styles.ts'

const lags = ['block', 'drop-oldest', 'drop-newest'] as const

describe('a broadcast', () => {
  inBothStyles('gives every value to every subscriber, in one order', function* (style) {
    const source = broadcast<number>({ capacity: 3, lag: 'block' })
    const readers = Array.from({ length: 5 }, () => {
      const subscription = source.subscribe()
      return style.go(function* () {
        const seen: number[] = []
        for (;;) {
          const next = yield* on(subscription.next())
          if (next.done) return seen
          seen.push(next.value)
        }
      })
    })
    const senders = [0, 100].map((base) =>
      style.go(function* () {
        for (let i = 0; i < 50; i++) yield* on(source.send(base + i))
      }),
    )
    for (const sender of senders) yield* on(sender.join())
    source.close()
    const [first, ...others] = [] as number[][]
    const results: number[][] = first === undefined ? [] : [first, ...others]
    for (const reader of readers) results.push(yield* on(reader.join()))
    expect(results[0]).toHaveLength(100)
    for (const result of results) expect(result).toEqual(results[0])
  })

  inBothStyles('that blocks waits for the slowest, first come, first served', function* (style) {
    const source = broadcast<number>({ capacity: 1, lag: 'block' })
    const [fast, slow] = [source.subscribe(), source.subscribe()]
    const done: number[] = []
    for (const value of [1, 2, 3]) {
      style.go(function* () {
        yield* on(source.send(value))
        done.push(value)
      })
    }
    yield* on(idle())
    expect(done).toEqual([1])
    expect(fast.tryReceive()).toEqual({ value: 1, ok: true })
    yield* on(idle())
    expect(done).toEqual([1])
    expect(slow.tryReceive()).toEqual({ value: 1, ok: true })
    yield* on(idle())
    expect(done).toEqual([1, 2])
    slow.unsubscribe()
    expect(source.subscribers).toBe(1)
    expect(fast.tryReceive()).toEqual({ value: 2, ok: true })
    yield* on(idle())
    expect(done).toEqual([1, 2, 3])
  })

  inBothStyles('that blocks sends nothing when the send is cancelled, and holds up nobody', function* (style) {
    const source = broadcast<number>({ capacity: 1, lag: 'block' })
    const subscription = source.subscribe()
    source.trySend(1)
    const controller = new AbortController()
    const cancelled = style.go(function* () {
      yield* on(source.send(2, controller.signal))
    })
    const patient = style.go(function* () {
      yield* on(source.send(3))
    })
    yield* on(idle())
    controller.abort()
    yield* on(idle())
    expect(yield* on(subscription.receive())).toBe(1)
    expect(yield* on(subscription.receive())).toBe(3)
    yield* on(patient.join())
    expect(subscription.length).toBe(0)
    void cancelled
  })

  test('that drops says how many each subscriber lost', () => {
    for (const [lag, kept] of [
      ['drop-oldest', [3, 4]],
      ['drop-newest', [1, 2]],
    ] as const) {
      const source = broadcast<number>({ capacity: 2, lag })
      const slow = source.subscribe()
      const quick = source.subscribe()
      const seen: unknown[] = []
      for (const value of [1, 2, 3, 4]) {
        expect(source.trySend(value)).toBe(true)
        seen.push(quick.tryReceive()?.value)
      }
      expect([seen, quick.missed, slow.missed]).toEqual([[1, 2, 3, 4], 0, 2])
      expect([slow.tryReceive()?.value, slow.tryReceive()?.value]).toEqual(kept)
    }
  })

  inBothStyles('wakes waiting subscribers, also in a select', function* (style) {
    const source = broadcast<string>({ capacity: 1, lag: 'block' })
    const [one, other] = [source.subscribe(), source.subscribe()]
    const picked = style.go(function* () {
      return yield* on(select({ one }))
    })
    const received = style.go(function* () {
      return yield* on(other.receiveMany())
    })
    yield* on(idle())
    yield* on(source.send('x'))
    expect(yield* on(picked.join())).toEqual({ case: 'one', value: 'x', ok: true })
    expect(yield* on(received.join())).toEqual(['x'])
  })

  for (const lag of lags) {
    test(`with ${lag} that is closed lets what is buffered be received, and fails what is sent`, async () => {
      const source = broadcast<number>({ capacity: 2, lag })
      using subscription = source.subscribe()
      await source.send(1)
      source.close()
      expect([await subscription.receive(), await subscription.receive()]).toEqual([1, undefined])
      await expect(source.send(2)).rejects.toMatchObject({ code: 'ERR_SEND_CLOSED', value: 2 })
      expect(() => source.trySend(2)).toThrow(PanicError)
      expect(() => source.close()).toThrow('close of closed channel')
      expect(await source.subscribe().next()).toEqual({ value: undefined, done: true })
    })
  }

  test('that is closed fails blocked senders with their value', async () => {
    const source = broadcast<number>({ capacity: 1, lag: 'block' })
    source.subscribe()
    await source.send(1)
    const blocked = go(async () => source.send(2)).join()
    await gosched()
    source.close()
    await expect(blocked).rejects.toMatchObject({ code: 'ERR_SEND_CLOSED', value: 2 })
  })

  test('without subscribers sends into the void', async () => {
    const source = broadcast<number>({ capacity: 1, lag: 'block' })
    for (let i = 0; i < 5; i++) await source.send(i)
    expect(source.subscribers).toBe(0)
  })

  test('leaves at the end of a using scope', () => {
    const source = broadcast<number>({ capacity: 1, lag: 'block' })
    {
      using subscription = source.subscribe()
      expectTypeOf<typeof subscription>().toExtend<ReceiveChan<number>>()
      expect(source.subscribers).toBe(1)
    }
    expect(source.subscribers).toBe(0)
  })

  test('refuses options that are none', () => {
    // @ts-expect-error the lag policy must be said
    expect(() => broadcast({ capacity: 1 })).toThrow(
      "lag must be 'block', 'drop-newest' or 'drop-oldest', not undefined",
    )
    expect(() => broadcast({ capacity: 0, lag: 'block' })).toThrow('makechan: size out of range')
    expect(() => broadcast({ capacity: 1.5, lag: 'block' })).toThrow('1.5')
    // @ts-expect-error no options at all
    expect(() => broadcast()).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  })
})

describe('a watch', () => {
  inBothStyles('shows the present value first, then the newest', function* () {
    const level = watch(1)
    using changes = level.subscribe()
    expect(yield* on(changes.receive())).toBe(1)
    level.set(2)
    level.update((value) => value + 1)
    expect([level.value, yield* on(changes.receive())]).toEqual([3, 3])
    expect(changes.tryReceive()).toBeUndefined()
  })

  test('wakes everybody who waits for a change', async () => {
    const level = watch('a')
    const subscriptions = Array.from({ length: 10 }, () => level.subscribe())
    for (const subscription of subscriptions) await subscription.receive()
    const waiting = subscriptions.map((subscription) => subscription.receive())
    level.set('b')
    expect(await Promise.all(waiting)).toEqual(Array(10).fill('b'))
  })

  test('that is closed keeps its value, and takes no other', async () => {
    const level = watch(1)
    const changes = level.subscribe()
    level.close()
    expect([await changes.receive(), await changes.receive()]).toEqual([1, undefined])
    expect(() => level.set(2)).toThrow('send on closed channel')
    expect(level.value).toBe(1)
    expect(await level.subscribe().receive()).toBeUndefined()
  })
})
