// What channel libraries that people use get wrong, each seen to fail there: it must not happen here.

import { describe, expect, test } from 'vitest'
import { after, background, chan, go, KilledError, type SendChan, select, sending, withCancel } from 'warren'
import { inBubbles } from '../support/bubbles.ts'
import { expectNoWaiters, lossless } from '../support/kinds.ts'
import { type Body, idle, inBothStyles, inEveryPair, Outcome, on } from '../support/styles.ts'

function* send(ch: SendChan<number>, value: number): Body {
  yield* on(ch.send(value))
}

describe('@thi.ng/csp', () => {
  inBothStyles('a write into a buffer with room hangs until something reads', function* () {
    const ch = chan<number>(2)
    yield* on(ch.send(1))
    yield* on(ch.send(2))
    expect(ch.length).toBe(2)
  })

  inEveryPair('of two selects on one channel one is stuck', function* (one, other) {
    const [shared, second] = [chan<number>(), chan<number>()]
    const selecting = [one, other].map((style) =>
      style.go(function* () {
        return (yield* on(select({ shared, second }))).value
      }),
    )
    yield* on(idle())
    yield* on(shared.send(1))
    yield* on(shared.send(2))
    expect(yield* on(selecting[0]!.join())).toBe(1)
    expect(yield* on(selecting[1]!.join())).toBe(2)
    expectNoWaiters(shared, second)
  })
})

describe('medium', () => {
  inEveryPair(
    'a select over channels drops an unrelated taker of one of them, and a value vanishes',
    function* (one, other) {
      const [a, b] = [chan<string>(), chan<string>()]
      const taker = one.go(function* () {
        return yield* on(a.receive())
      })
      yield* on(idle())
      const selecting = other.go(function* () {
        return (yield* on(select({ a, b }))).value
      })
      yield* on(idle())
      yield* on(b.send('for the select'))
      yield* on(a.send('for the taker'))
      expect(yield* on(selecting.join())).toBe('for the select')
      expect(yield* on(taker.join())).toBe('for the taker')
    },
  )

  test('an async function that returns a channel hangs', async () => {
    const make = async () => {
      const ch = chan<number>(1)
      await ch.send(1)
      return ch
    }
    expect(await (await make()).receive()).toBe(1)
  })
})

describe('effection', () => {
  for (const kind of lossless) {
    inBothStyles(`racing two queues loses the value of the loser (${kind.name})`, function* (style) {
      const [a, b] = [kind.make<number>(), kind.make<number>()]
      const senders = [a, b].map((ch, value) => style.go(send, ch, value))
      yield* on(idle())
      const first = yield* on(select({ a, b }))
      const second = yield* on(select({ a, b }))
      expect([first.value, second.value].sort()).toEqual([0, 1])
      for (const sender of senders) yield* on(sender.join())
    })
  }
})

describe('effect', () => {
  inBothStyles('a value taken under a race, of which another side wins, is lost', function* (style) {
    const [values, other, never] = [chan<number>(), chan<true>(1), chan<true>()]
    let stepped = 0
    const taking = style.go(function* () {
      // The race and the step after it: nothing can come between them.
      const picked = yield* on(select({ values, other }))
      if (picked.case === 'values') stepped++
      return picked.case
    })
    yield* on(idle())
    yield* on(other.send(true))
    const sender = new Outcome(style.go(send, values, 1).join())
    expect(yield* on(taking.join())).toBe('other')
    yield* on(idle())
    expect([stepped, sender.state]).toEqual([0, 'pending'])
    expect((yield* on(select({ values, never }))).value).toBe(1)
  })
})

describe('@ayonli/jsext and async-channel', () => {
  inEveryPair('an abandoned receive swallows the next value', function* (one, other) {
    const ch = chan<number>()
    const ctx = withCancel(background())
    const abandoned = one.go(function* () {
      try {
        yield* on(ch.receive(ctx))
        return 'received'
      } catch (error) {
        return (error as { code: string }).code
      }
    })
    yield* on(idle())
    ctx.cancel()
    const receiver = other.go(function* () {
      return yield* on(ch.receive())
    })
    yield* on(idle())
    yield* on(ch.send(1))
    expect(yield* on(abandoned.join())).toBe('ERR_CONTEXT_CANCELED')
    expect(yield* on(receiver.join())).toBe(1)
  })

  inBubbles('a receive that timed out swallows the next value', function* () {
    const ch = chan<number>(1)
    const picked = yield* on(select({ ch, timeout: after(1) }))
    expect(picked.case).toBe('timeout')
    yield* on(ch.send(1))
    expect(ch.tryReceive()).toEqual({ value: 1, ok: true })
  })

  inEveryPair('the error of a producer is lost when values are still buffered', function* (one, other) {
    const ch = chan<number>(10)
    const producer = one.go(function* () {
      try {
        yield* on(ch.sendMany([1, 2]))
        throw new RangeError('out of values')
      } finally {
        ch.close()
      }
    })
    const failed = new Outcome(producer.join())
    const consumer = other.go(function* () {
      const values: number[] = []
      for (;;) {
        const batch = yield* on(ch.receiveMany())
        if (batch.length === 0) break
        values.push(...batch)
      }
      return values
    })
    expect(yield* on(consumer.join())).toEqual([1, 2])
    yield* on(idle())
    expect(failed.error).toBeInstanceOf(RangeError)
  })
})

describe('multithreading', () => {
  inEveryPair('a channel of capacity 0 hangs', function* (one, other) {
    const ch = chan<number>(0)
    one.go(send, ch, 1)
    const receiver = other.go(function* () {
      return yield* on(ch.receive())
    })
    expect(yield* on(receiver.join())).toBe(1)
  })

  inBothStyles('null breaks a receive', function* () {
    const ch = chan<null>(2)
    yield* on(ch.send(null))
    expect(yield* on(ch.next())).toEqual({ value: null, done: false })
    yield* on(ch.send(null))
    expect(yield* on(select({ ch }))).toEqual({ case: 'ch', ok: true, value: null })
  })

  test('an aborted task is rejected, and runs on', async () => {
    const ch = chan<number>()
    let steps = 0
    const goroutine = go(function* () {
      for (;;) {
        yield* ch.receive()
        steps++
      }
    })
    await ch.send(1)
    await idle()
    goroutine.kill()
    await expect(goroutine.join()).rejects.toBeInstanceOf(KilledError)
    expect(ch.trySend(2)).toBe(false)
    expect(steps).toBe(1)
  })

  inBothStyles('an error arrives without its class, code and cause', function* (style) {
    const thrown = Object.assign(new TypeError('wrong', { cause: 'reason' }), { code: 'E_MINE' })
    const goroutine = style.go(function* () {
      throw thrown
    })
    let caught: unknown
    try {
      yield* on(goroutine.join())
    } catch (error) {
      caught = error
    }
    expect(caught).toBe(thrown)
  })
})

describe('what their users ask for', () => {
  inEveryPair('a select that never loses a value, against one that gives up again and again', function* (one, other) {
    const [values, ticks, end] = [chan<number>(), chan<true>(), chan<never>()]
    const count = 2000
    const sender = one.go(function* () {
      for (let i = 0; i < count; ) {
        const picked = yield* on(select({ sent: sending(values, i), ticks }))
        if (picked.case === 'sent') i++
      }
      values.close()
    })
    const ticker = other.go(function* () {
      for (let i = 0; i < count; i++) yield* on(select({ sent: sending(ticks, true), end }))
    })
    const received: number[] = []
    for (;;) {
      const picked = yield* on(select({ values, ticks }))
      if (picked.case === 'ticks') continue
      if (!picked.ok) break
      received.push(picked.value)
    }
    expect(received).toEqual(Array.from({ length: count }, (_, i) => i))
    yield* on(sender.join())
    end.close()
    yield* on(ticker.join())
  })
})
