import { describe, expect } from 'vitest'
import { type Chan, chan, never, select, sending, trySelect } from 'warren'
import type { PanicError } from '../../../src/errors/panic-error.ts'
import { attempt, type Body, idle, inBothStyles, on } from '../../support/styles.ts'

function closed(): Chan<number> {
  const ch = chan<number>()
  ch.close()
  return ch
}

const blocking: Record<string, () => Body<unknown>> = {
  *'sending on the nil channel'() {
    yield* on(never.send(7))
  },
  *'receiving from the nil channel'() {
    yield* on(never.receive())
  },
  *'receiving from an empty channel'() {
    yield* on(chan<number>().receive())
  },
  *'a select without cases'() {
    yield* on(select({}))
  },
  *'a select that receives from a nil channel'() {
    yield* on(select({ none: null, never }))
  },
  *'a select that sends on the nil channel'() {
    yield* on(select({ sent: sending(never, 7) }))
  },
  *'a select that does both'() {
    yield* on(select({ none: null, received: never, sent: sending(never, 7) }))
  },
  *'a select on an empty channel'() {
    yield* on(select({ ch: chan<number>() }))
  },
  *'a select that sends to itself'() {
    const ch = chan<number>()
    yield* on(select({ sent: sending(ch, 1), received: ch }))
  },
}

const going: Record<string, () => Body<unknown>> = {
  *'a send into a buffer with room'() {
    yield* on(chan<number>(1).send(7))
  },
  *'receiving from a closed channel, again and again'() {
    const ch = closed()
    for (let i = 0; i < 10; i++) {
      expect(yield* on(ch.receive())).toBeUndefined()
      expect(yield* on(ch.next())).toEqual({ value: undefined, done: true })
      expect(yield* on(ch.receiveMany())).toEqual([])
    }
  },
  *'a default without cases'() {
    expect(trySelect({})).toBeUndefined()
  },
  *'a default beside nil channels'() {
    expect(trySelect({ none: null, received: never, sent: sending(never, 7) })).toBeUndefined()
  },
  *'a select that sends into a buffer with room'() {
    expect(trySelect({ sent: sending(chan<number>(1), 7) })?.case).toBe('sent')
  },
  *'a select on a channel with a value'() {
    const ch = chan<number>(1)
    yield* on(ch.send(7))
    expect(trySelect({ ch })?.value).toBe(7)
  },
  *'a select on a closed channel'() {
    expect(yield* on(select({ ch: closed() }))).toEqual({ case: 'ch', ok: false, value: undefined })
  },
}

const panicking: Record<string, () => Body<unknown>> = {
  *'a send on a closed channel'() {
    yield* on(closed().send(7))
  },
  *'a batch sent on a closed channel'() {
    yield* on(closed().sendMany([7]))
  },
  *'a select that sends on a closed channel'() {
    yield* on(select({ sent: sending(closed(), 7) }))
  },
  *'a select with a default that sends on a closed channel'() {
    trySelect({ sent: sending(closed(), 7) })
  },
  *'an attempt to send on a closed channel'() {
    closed().trySend(7)
  },
}

// Go: test/chan/select3.go
describe('blocks for ever', () => {
  for (const [title, body] of Object.entries(blocking)) {
    inBothStyles(title, function* (style) {
      const outcome = attempt(style, body)
      yield* on(idle())
      expect(outcome.state).toBe('pending')
    })
  }
})

describe('does not block', () => {
  for (const [title, body] of Object.entries(going)) {
    inBothStyles(title, function* (style) {
      yield* on(style.go(body).join())
    })
  }
})

describe('panics', () => {
  for (const [title, body] of Object.entries(panicking)) {
    inBothStyles(title, function* (style) {
      const outcome = attempt(style, body)
      yield* on(idle())
      expect(outcome.error).toMatchObject({
        code: 'ERR_SEND_CLOSED',
        message: 'send on closed channel',
        value: 7,
      } satisfies Partial<PanicError>)
    })
  }
})
