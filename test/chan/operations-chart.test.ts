// Every row of the chart of operations, for every form of the operation. The compile errors are in test/types.

import { describe, expect } from 'vitest'
import { type Chan, chan, never, select, sending, trySelect } from 'warren'
import { type Received, receiveForms, sendForms } from '../support/forms.ts'
import { checkInvariants, dropping, expectNoWaiters, type Kind, lossless, overKinds } from '../support/kinds.ts'
import { attempt, type Body, idle, inBothStyles, type Outcome, on, type Style } from '../support/styles.ts'

const end = { value: undefined, ok: false }

function fill(ch: Chan<number>, from = 0): void {
  for (let i = 0; i < ch.capacity; i++) ch.trySend(from + i)
}

describe('receive', () => {
  for (const [form, receive] of Object.entries(receiveForms)) {
    describe(form, () => {
      inBothStyles('on the nil channel blocks for ever', function* (style) {
        const outcomes = [attempt(style, () => receive(never))]
        yield* on(idle())
        expect(outcomes.map(({ state }) => state)).toEqual(['pending'])
      })

      overKinds(lossless, 'on an open channel takes the value that is there, oldest first', function* (kind, style) {
        const ch = kind.make<number>()
        fill(ch)
        const senders = [0, 1].map((i) => style.go(() => sendForms['send']!(ch, kind.capacity + i)))
        yield* on(idle())
        for (let i = 0; i < kind.capacity + 2; i++) {
          expect(yield* receive(ch)).toEqual({ value: i, ok: true })
          checkInvariants(ch)
        }
        for (const sender of senders) yield* on(sender.join())
      })

      overKinds(
        [...lossless, ...dropping],
        'on an open and empty channel blocks until a value comes',
        function* (kind, style) {
          const ch = kind.make<number>()
          const outcome = attempt(style, () => receive(ch))
          yield* on(idle())
          expect(outcome.state).toBe('pending')
          checkInvariants(ch)
          yield* on(ch.send(1))
          yield* on(idle())
          expect(outcome.value).toEqual({ value: 1, ok: true })
          expectNoWaiters(ch)
        },
      )

      overKinds(
        lossless,
        'on a closed channel takes what is buffered, in order, then ends at once for ever',
        function* (kind) {
          const ch = kind.make<number>()
          fill(ch)
          ch.close()
          for (let i = 0; i < kind.capacity; i++) expect(yield* receive(ch)).toEqual({ value: i, ok: true })
          for (let i = 0; i < 3; i++) expect(yield* receive(ch)).toEqual(end)
          expect([ch.tryReceive(), ch.length]).toEqual([end, 0])
        },
      )
    })
  }
})

describe('receiving without waiting', () => {
  overKinds(lossless, 'finds nothing, a value, or the end', function* (kind, style) {
    const ch = kind.make<number>()
    expect([ch.tryReceive(), trySelect({ ch })]).toEqual([undefined, undefined])
    fill(ch)
    attempt(style, () => sendForms['send']!(ch, kind.capacity))
    yield* on(idle())
    for (let i = 0; i <= kind.capacity; i++) {
      const got = i % 2 === 0 ? ch.tryReceive() : trySelect({ ch })
      expect(got).toMatchObject({ value: i, ok: true })
    }
    ch.close()
    expect(ch.tryReceive()).toEqual(end)
    expect(trySelect({ ch })).toEqual({ case: 'ch', ...end })
    expect([never.tryReceive(), trySelect({ never })]).toEqual([undefined, undefined])
  })
})

/** Goroutines that send and are blocked at it, `first` and following. */
function* blockedSenders(style: Style, ch: Chan<number>, form: string, count: number): Body<Outcome<void>[]> {
  const outcomes: Outcome<void>[] = []
  for (let i = 0; i < count; i++) outcomes.push(attempt(style, () => sendForms[form]!(ch, ch.capacity + i)))
  yield* on(idle())
  expect(outcomes.map(({ state }) => state)).toEqual(outcomes.map(() => 'pending'))
  checkInvariants(ch)
  return outcomes
}

describe('send', () => {
  for (const [form, send] of Object.entries(sendForms)) {
    describe(form, () => {
      inBothStyles('on the nil channel blocks for ever', function* (style) {
        const outcome = attempt(style, () => send(never, 1))
        yield* on(idle())
        expect(outcome.state).toBe('pending')
      })

      overKinds(lossless, 'on an open channel goes on while there is room', function* (kind) {
        const ch = kind.make<number>()
        for (let i = 0; i < kind.capacity; i++) yield* send(ch, i)
        expect(ch.length).toBe(kind.capacity)
      })

      overKinds(
        [...lossless, ...dropping],
        'on an open channel hands the value to the receiver that waits longest',
        function* (kind, style) {
          const ch = kind.make<number>()
          const receivers = Object.values(receiveForms).map((receive) => attempt(style, () => receive(ch)))
          yield* on(idle())
          for (let i = 0; i < receivers.length; i++) yield* send(ch, i)
          yield* on(idle())
          expect(receivers.map(({ value }) => value)).toEqual(
            receivers.map((_, i): Received<number> => ({ value: i, ok: true })),
          )
          expectNoWaiters(ch)
        },
      )

      overKinds(
        lossless,
        'on a full channel blocks; blocked senders go first come, first served',
        function* (kind, style) {
          const ch = kind.make<number>()
          fill(ch)
          const senders = yield* blockedSenders(style, ch, form, 3)
          for (let i = 0; i < kind.capacity + 3; i++) {
            expect(yield* on(ch.receive())).toBe(i)
            yield* on(idle())
            expect(senders.map(({ state }) => state === 'done')).toEqual([0, 1, 2].map((j) => j <= i))
          }
          expectNoWaiters(ch)
        },
      )

      overKinds(
        [...lossless, ...dropping],
        'on a closed channel panics, with the value that was not sent',
        function* (kind, style) {
          const ch = kind.make<number>()
          ch.close()
          const outcome = attempt(style, () => send(ch, 5))
          yield* on(idle())
          expect(outcome.error).toMatchObject({ code: 'ERR_SEND_CLOSED', message: 'send on closed channel', value: 5 })
          expect(yield* on(ch.receive())).toBeUndefined()
        },
      )

      overKinds(lossless, 'panics when the channel is closed while it is blocked', function* (kind, style) {
        const ch = kind.make<number>()
        fill(ch)
        const senders = yield* blockedSenders(style, ch, form, 2)
        ch.close()
        yield* on(idle())
        expect(senders.map(({ error }) => error)).toMatchObject(
          [0, 1].map((i) => ({ code: 'ERR_SEND_CLOSED', value: kind.capacity + i })),
        )
        expect(yield* on(ch.receiveMany())).toHaveLength(kind.capacity)
        expectNoWaiters(ch)
      })
    })
  }
})

describe('sending without waiting', () => {
  overKinds(lossless, 'goes on while there is room, and not after', function* (kind) {
    const ch = kind.make<number>()
    for (let i = 0; i < kind.capacity; i++) {
      expect(i % 2 === 0 ? ch.trySend(i) : trySelect({ sent: sending(ch, i) })).toBeTruthy()
    }
    expect([ch.trySend(-1), trySelect({ sent: sending(ch, -1) })]).toEqual([false, undefined])
    ch.close()
    expect(() => ch.trySend(-1)).toThrow('send on closed channel')
    expect(() => trySelect({ sent: sending(ch, -1) })).toThrow('send on closed channel')
    expect([never.trySend(1), trySelect({ sent: sending(never, 1) })]).toEqual([false, undefined])
  })
})

function closeTest(title: string, body: (kind: Kind, style: Style) => Body): void {
  overKinds([...lossless, ...dropping], title, body)
}

describe('close', () => {
  inBothStyles('of the nil channel panics', function* () {
    expect(() => never.close()).toThrow(
      expect.objectContaining({ code: 'ERR_CLOSE_NIL', message: 'close of nil channel' }),
    )
  })

  closeTest('of an open channel wakes all blocked receivers with the end, in order', function* (kind, style) {
    const ch = kind.make<number>()
    const order: string[] = []
    const receivers = Object.entries(receiveForms).map(([form, receive]) =>
      attempt(style, function* () {
        const got = yield* receive(ch)
        order.push(form)
        return got
      }),
    )
    yield* on(idle())
    ch.close()
    yield* on(idle())
    expect(receivers.map(({ value }) => value)).toEqual(receivers.map(() => end))
    expect(order).toEqual(Object.keys(receiveForms))
    expectNoWaiters(ch)
  })

  closeTest('of a closed channel panics, and changes nothing', function* (kind) {
    const ch = kind.make<number>()
    if (kind.capacity > 0) yield* on(ch.send(1))
    ch.close()
    expect(() => ch.close()).toThrow(
      expect.objectContaining({ code: 'ERR_CLOSE_CLOSED', message: 'close of closed channel' }),
    )
    expect(ch.tryReceive()).toEqual(kind.capacity > 0 ? { value: 1, ok: true } : end)
  })

  inBothStyles('may be picked by no select: it is no case', function* () {
    const ch = chan<number>()
    ch.close()
    expect(yield* on(select({ ch }))).toEqual({ case: 'ch', ...end })
  })
})
