import { describe, expect, test } from 'vitest'
import { type Chan, chan, never, select, sending, trySelect } from 'warren'
import { PanicError } from '../../../src/errors/panic-error.ts'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

interface Received {
  readonly value: number | undefined
  readonly ok: boolean
}

/** One way to use a channel: blocking and non-blocking, sending and receiving. */
interface Way {
  send(ch: Chan<number>, value: number): Body<unknown>
  trySend(ch: Chan<number>, value: number): boolean
  receive(ch: Chan<number>): Body<Received>
  /** Undefined where it would have blocked. */
  tryReceive(ch: Chan<number>): Received | undefined
}

const dummy = chan<number>()

const ways: Record<string, Way> = {
  operators: {
    *send(ch, value) {
      yield* on(ch.send(value))
    },
    trySend: (ch, value) => ch.trySend(value),
    *receive(ch) {
      const { value, done } = yield* on(ch.next())
      return { value, ok: done !== true }
    },
    tryReceive: (ch) => ch.tryReceive(),
  },
  select: {
    *send(ch, value) {
      yield* on(select({ sent: sending(ch, value) }))
    },
    trySend: (ch, value) => trySelect({ sent: sending(ch, value) }) !== undefined,
    *receive(ch) {
      const { value, ok } = yield* on(select({ ch }))
      return { value, ok }
    },
    tryReceive: (ch) => pick(trySelect({ ch })),
  },
  'select with another case': {
    *send(ch, value) {
      yield* on(select([dummy, sending(ch, value)]))
    },
    trySend: (ch, value) => trySelect([sending(ch, value), dummy]) !== undefined,
    *receive(ch) {
      const { value, ok } = yield* on(select({ dummy, ch }))
      return { value, ok }
    },
    tryReceive: (ch) => pick(trySelect({ ch, dummy })),
  },
  batches: {
    *send(ch, value) {
      yield* on(ch.sendMany([value]))
    },
    trySend: (ch, value) => ch.trySend(value),
    *receive(ch) {
      const values = yield* on(ch.receiveMany(1))
      return { value: values[0], ok: values.length > 0 }
    },
    tryReceive: (ch) => ch.tryReceive(),
  },
}

function pick(picked: Received | undefined): Received | undefined {
  return picked && { value: picked.value, ok: picked.ok }
}

const nothing: Received = { value: undefined, ok: false }

function* expectClosed(way: Way, ch: Chan<number>): Body {
  for (let i = 0; i < 3; i++) {
    expect(yield* way.receive(ch)).toEqual(nothing)
    expect(way.tryReceive(ch)).toEqual(nothing)
  }
  expect(() => way.trySend(ch, 1)).toThrow('send on closed channel')
  expect(yield* way.receive(ch)).toEqual(nothing)
  let error: unknown
  try {
    yield* way.send(ch, 2)
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(PanicError)
  expect(error).toMatchObject({ code: 'ERR_SEND_CLOSED', message: 'send on closed channel', value: 2 })
  expect(yield* way.receive(ch)).toEqual(nothing)
}

// Go: test/closedchan.go
for (const [name, way] of Object.entries(ways)) {
  describe(`a closed channel, by ${name}`, () => {
    inBothStyles('gives nothing for ever, at once, and takes nothing', function* () {
      const ch = chan<number>()
      ch.close()
      yield* expectClosed(way, ch)
    })

    inBothStyles('gives its last value first, to a blocking receive', function* () {
      const ch = chan<number>(2)
      yield* way.send(ch, 1)
      ch.close()
      expect(yield* way.receive(ch)).toEqual({ value: 1, ok: true })
      yield* expectClosed(way, ch)
    })

    inBothStyles('gives its last value first, to one that does not wait', function* () {
      const ch = chan<number>(2)
      expect(way.trySend(ch, 1)).toBe(true)
      ch.close()
      expect(way.tryReceive(ch)).toEqual({ value: 1, ok: true })
      yield* expectClosed(way, ch)
    })
  })
}

describe('close', () => {
  test('of the nil channel panics', () => {
    expect(() => never.close()).toThrow('close of nil channel')
  })

  test('of a closed channel panics', () => {
    const ch = chan<number>()
    ch.close()
    expect(() => ch.close()).toThrow('close of closed channel')
  })
})
