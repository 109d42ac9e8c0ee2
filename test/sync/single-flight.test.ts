import { describe, expect, test } from 'vitest'
import { background, chan, type Flight, go, gosched, SingleFlight, withCancel } from 'warren'
import { attempt, type Body, idle, inBothStyles, inEveryPair, type Outcome, on, type Style } from '../support/styles.ts'

type Flights = SingleFlight<string, number>

function join(style: Style, flights: Flights, fn: () => Promise<number>, ctx?: AbortSignal): Outcome<Flight<number>> {
  return attempt(style, function* () {
    return yield* on(flights.do('key', fn, ctx))
  })
}

describe('SingleFlight', () => {
  inEveryPair('gives callers of both styles the result of one call', function* (one, other) {
    const flights: Flights = new SingleFlight()
    let calls = 0
    const fn = async () => {
      calls++
      await gosched()
      return 42
    }
    const all = Array.from({ length: 6 }, (_, i) => join(i % 2 === 0 ? one : other, flights, fn))
    yield* on(idle())
    expect(all.map(({ value }) => value)).toEqual(new Array(6).fill({ value: 42, shared: true }))
    expect(calls).toBe(1)
    const alone = join(one, flights, fn)
    yield* on(idle())
    expect(alone.value).toEqual({ value: 42, shared: false })
    expect(calls).toBe(2)
  })

  inBothStyles('keeps calls for different keys apart', function* () {
    const flights = new SingleFlight<unknown, unknown>()
    const keys = ['a', 'b', 1, '1', Number.NaN, undefined, null, {}]
    const results = keys.map((key) => flights.do(key, () => [key]))
    for (const [i, result] of results.entries()) {
      expect(yield* on(result)).toEqual({ value: [keys[i]], shared: false })
    }
    const nan = [flights.do(Number.NaN, () => 1), flights.do(Number.NaN, () => 2)]
    for (const result of nan) expect(yield* on(result)).toEqual({ value: 1, shared: true })
  })

  inBothStyles('ends by a context only the wait that was given it', function* (style) {
    const flights: Flights = new SingleFlight()
    const gate = chan<number>()
    const controller = new AbortController()
    const fn = async () => (await gate.receive())!
    const first = join(style, flights, fn, controller.signal)
    const second = join(style, flights, fn)
    yield* on(idle())
    controller.abort()
    yield* on(idle())
    expect([first.state, second.state]).toEqual(['failed', 'pending'])
    const third = join(style, flights, fn)
    yield* on(gate.send(7))
    yield* on(idle())
    expect(second.value).toEqual({ value: 7, shared: true })
    expect(third.value).toEqual({ value: 7, shared: true })
  })

  inBothStyles('drops the failure of a call that all callers have left', function* (style) {
    const flights: Flights = new SingleFlight()
    const gate = chan<never>()
    const ctx = withCancel(background())
    const left = join(
      style,
      flights,
      async () => {
        await gate.receive()
        throw new Error('nobody is interested')
      },
      ctx.signal,
    )
    yield* on(idle())
    ctx.cancel()
    gate.close()
    yield* on(idle())
    expect(left.error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
    const next = join(style, flights, async () => 1)
    yield* on(idle())
    expect(next.value).toEqual({ value: 1, shared: false })
  })

  inBothStyles('gives a value that is thenable as it is', function* () {
    const flights = new SingleFlight<string, object>()
    const thenable = { then: 'not a function', also: 1 }
    const { value } = yield* on(flights.do('key', () => thenable))
    expect(value).toBe(thenable)
  })

  test('a key is free again when the call has ended, before anybody is told', async () => {
    const flights: Flights = new SingleFlight()
    const order: number[] = []
    const first = flights
      .do('key', () => 1)
      .then(() => flights.do('key', () => 2).then(({ value }) => order.push(value)))
    await first
    expect(order).toEqual([2])
  })

  test('forget of an unknown key does nothing', async () => {
    const flights: Flights = new SingleFlight()
    flights.forget('key')
    expect(await flights.do('key', () => 1)).toEqual({ value: 1, shared: false })
  })

  test('panics for what is no function, and keeps no call', async () => {
    const flights: Flights = new SingleFlight()
    await expect(flights.do('key', undefined as never)).rejects.toMatchObject({ code: 'ERR_GO_NIL' })
    await expect(flights.do('key', 1 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(await flights.do('key', () => 1)).toEqual({ value: 1, shared: false })
  })

  test('joins a call from within itself: a deadlock', async () => {
    const flights = new SingleFlight<string, unknown>()
    const nested = attempt({ name: 'generator', go: (body, ...args) => go(body, ...args) }, function* (): Body {
      yield* flights.do('key', () => flights.do('key', () => 1))
    })
    await idle()
    expect(nested.state).toBe('pending')
  })
})
