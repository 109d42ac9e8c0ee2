import { describe, expect, test } from 'vitest'
import { ContextCanceledError, chan, go } from 'warren'
import { expectNoWaiters } from '../support/kinds.ts'
import { attempt, idle, inBothStyles, Outcome, on } from '../support/styles.ts'
import { watched } from '../support/watched.ts'

describe('a batch that fails', () => {
  inBothStyles('on a closed channel names the first value that was not sent', function* (style) {
    for (const make of [(values: number[]) => values, watched]) {
      const ch = chan<number>(2)
      const outcome = attempt(style, function* () {
        yield* on(ch.sendMany(make([1, 2, 3, 4])))
      })
      yield* on(idle())
      expect(yield* on(ch.receive())).toBe(1)
      yield* on(idle())
      ch.close()
      yield* on(idle())
      expect(outcome.error).toMatchObject({ code: 'ERR_SEND_CLOSED', value: 4 })
      expect(yield* on(ch.receiveMany())).toEqual([2, 3])
    }
  })

  inBothStyles('because its iterable throws, at once or later, throws that', function* (style) {
    for (const capacity of [0, 5]) {
      const ch = chan<number>(capacity)
      const outcome = attempt(style, function* () {
        yield* on(
          ch.sendMany(
            (function* () {
              yield 1
              throw new RangeError('no more')
            })(),
          ),
        )
      })
      yield* on(idle())
      expect(ch.tryReceive()?.value).toBe(1)
      yield* on(idle())
      expect(outcome.error).toBeInstanceOf(RangeError)
      expectNoWaiters(ch)
    }
  })

  inBothStyles('closes its iterable when the channel is closed', function* (style) {
    const ch = chan<number>(1)
    const values = watched([1, 2, 3])
    ch.close()
    const outcome = attempt(style, function* () {
      yield* on(ch.sendMany(values))
    })
    yield* on(idle())
    expect(outcome.error).toMatchObject({ code: 'ERR_SEND_CLOSED', value: 1 })
    expect(values.log).toEqual(['read 1', 'closed'])
  })

  inBothStyles('because it is cancelled leaves what was sent', function* (style) {
    for (const make of [(values: number[]) => values, (values: number[]) => values.values()]) {
      const ch = chan<number>(1)
      const controller = new AbortController()
      const outcome = attempt(style, function* () {
        yield* on(ch.sendMany(make([1, 2, 3]), controller.signal))
      })
      yield* on(idle())
      controller.abort()
      yield* on(idle())
      expect(outcome.error).toBeInstanceOf(ContextCanceledError)
      expect(yield* on(ch.receiveMany())).toEqual([1])
      expectNoWaiters(ch)
    }
  })

  for (const end of ['cancel', 'kill', 'close']) {
    test(`because of a ${end} while it waits closes its iterable`, async () => {
      const ch = chan<number>()
      const controller = new AbortController()
      const values = watched([1, 2])
      const goroutine = go(function* () {
        yield* ch.sendMany(values, controller.signal)
      })
      void new Outcome(goroutine.join())
      await idle()
      if (end === 'cancel') controller.abort()
      else if (end === 'kill') goroutine.kill()
      else ch.close()
      await idle()
      expect(values.log).toEqual(['read 1', 'closed'])
    })
  }
})

describe('an iterable that meddles', () => {
  inBothStyles('by cancelling its own batch ends it there', function* (style) {
    for (const capacity of [0, 1, 5]) {
      const ch = chan<number>(capacity)
      const controller = new AbortController()
      const values = (function* () {
        yield 1
        controller.abort()
        yield 2
        yield 3
      })()
      const outcome = attempt(style, function* () {
        yield* on(ch.sendMany(values, controller.signal))
      })
      yield* on(idle())
      const received: number[] = []
      for (let got = ch.tryReceive(); got !== undefined; got = ch.tryReceive()) {
        received.push(got.value!)
        yield* on(idle())
      }
      // Room for all: nothing was waited for, so nothing was cancelled.
      if (capacity === 5) expect([outcome.state, received]).toEqual(['done', [1, 2, 3]])
      else expect(outcome.error).toBeInstanceOf(ContextCanceledError)
      expectNoWaiters(ch)
    }
  })

  inBothStyles('by closing the channel fails at the next value', function* (style) {
    const ch = chan<number>(5)
    const values = (function* () {
      yield 1
      ch.close()
      yield 2
    })()
    const outcome = attempt(style, function* () {
      yield* on(ch.sendMany(values))
    })
    yield* on(idle())
    expect(outcome.error).toMatchObject({ code: 'ERR_SEND_CLOSED', value: 2 })
    expect(yield* on(ch.receiveMany())).toEqual([1])
  })

  inBothStyles('by using the channel itself keeps the order of the calls', function* (style) {
    const ch = chan<string>(10)
    const values = (function* () {
      yield 'a'
      ch.trySend('between')
      yield 'b'
    })()
    yield* on(style.go(() => batch()).join())
    function* batch() {
      yield* on(ch.sendMany(values))
    }
    expect(yield* on(ch.receiveMany())).toEqual(['a', 'between', 'b'])
  })

  test('by an error of its own return() does not stop the runtime', async () => {
    const ch = chan<number>()
    const controller = new AbortController()
    let next = 0
    const values: Iterable<number> = {
      [Symbol.iterator]: () => ({
        next: () => ({ value: next++, done: false }),
        return: () => {
          throw new Error('return failed')
        },
      }),
    }
    const outcome = new Outcome(go(() => ch.sendMany(values, controller.signal)).join())
    await idle()
    ch.tryReceive()
    controller.abort()
    await idle()
    expect(outcome.error).toBeInstanceOf(ContextCanceledError)
    expect(await go(() => 1).join()).toBe(1)
  })
})

describe('sendMany of what is no iterable object', () => {
  for (const values of [undefined, null, 5, 'text', {}, () => {}]) {
    inBothStyles(`fails: ${String(values)}`, function* (style) {
      const outcome = attempt(style, function* () {
        yield* on(chan<number>(9).sendMany(values as never))
      })
      yield* on(idle())
      expect(outcome.error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    })
  }
})
