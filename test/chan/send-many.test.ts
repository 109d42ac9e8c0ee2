import { describe, expect, test } from 'vitest'
import { ContextCanceledError, chan, go, select, sending } from 'warren'
import { expectNoWaiters, lossless, overKinds } from '../support/kinds.ts'
import { attempt, idle, inBothStyles, Outcome, on } from '../support/styles.ts'

/** An iterable that notes how it is used. */
function watched(values: readonly number[]) {
  const log: string[] = []
  return {
    log,
    *[Symbol.iterator]() {
      try {
        for (const value of values) {
          log.push(`read ${value}`)
          yield value
        }
        log.push('end')
      } finally {
        log.push('closed')
      }
    },
  }
}

describe('sendMany', () => {
  overKinds(lossless, 'sends any iterable, in order', function* (kind, style) {
    const values = Array.from({ length: 250 }, (_, i) => i)
    const forms: readonly Iterable<number>[] = [values, new Set(values), values.values(), watched(values)]
    for (const form of forms) {
      const ch = kind.make<number>()
      const sender = style.go(function* () {
        yield* on(ch.sendMany(form))
        ch.close()
      })
      const received: number[] = []
      for (;;) {
        const batch = yield* on(ch.receiveMany(7))
        if (batch.length === 0) break
        received.push(...batch)
      }
      expect(received).toEqual(values)
      yield* on(sender.join())
    }
  })

  inBothStyles('of nothing ends at once, also on a closed channel', function* () {
    const ch = chan<number>()
    yield* on(ch.sendMany([]))
    ch.close()
    yield* on(ch.sendMany([]))
    yield* on(ch.sendMany(new Set()))
  })

  inBothStyles('wakes its goroutine once, when all is sent', function* (style) {
    const ch = chan<number>()
    let woken = 0
    style.go(function* () {
      yield* on(ch.sendMany([1, 2, 3]))
      woken++
    })
    for (let i = 1; i <= 3; i++) {
      yield* on(idle())
      expect(woken).toBe(0)
      expect(yield* on(ch.receive())).toBe(i)
    }
    yield* on(idle())
    expect(woken).toBe(1)
  })

  inBothStyles('wakes every receiver that waits, in order', function* (style) {
    const ch = chan<number>()
    const receivers = [0, 1, 2].map(() =>
      attempt(style, function* () {
        return yield* on(ch.receive())
      }),
    )
    yield* on(idle())
    yield* on(ch.sendMany([5, 6, 7]))
    yield* on(idle())
    expect(receivers.map(({ value }) => value)).toEqual([5, 6, 7])
  })

  inBothStyles('reads an iterable one value ahead, and not inside the call of a receiver', function* (style) {
    const ch = chan<number>()
    const values = watched([1, 2, 3])
    style.go(function* () {
      yield* on(ch.sendMany(values))
    })
    yield* on(idle())
    expect(values.log).toEqual(['read 1'])
    expect(ch.tryReceive()?.value).toBe(1)
    expect(values.log).toEqual(['read 1'])
    yield* on(idle())
    expect(values.log).toEqual(['read 1', 'read 2'])
  })

  inBothStyles('drops what does not fit, on a channel that drops', function* () {
    const newest = chan<number>({ capacity: 2, overflow: 'drop-newest' })
    const oldest = chan<number>({ capacity: 2, overflow: 'drop-oldest' })
    for (const ch of [newest, oldest]) yield* on(ch.sendMany([1, 2, 3, 4, 5]))
    expect([yield* on(newest.receiveMany()), yield* on(oldest.receiveMany())]).toEqual([
      [1, 2],
      [4, 5],
    ])
  })
})

describe('a batch when the turn of the event loop has had its time', () => {
  inBothStyles('keeps the place of its first value', function* (style) {
    const ch = chan<number>()
    const start = performance.now()
    while (performance.now() - start < 20) {}
    // One of these finds the time used up: that must not change the order.
    const count = 600
    for (let i = 0; i < count; i++) {
      style.go(function* () {
        yield* on(ch.sendMany(new Set([i])))
      })
    }
    yield* on(idle())
    for (let i = 0; i < count; i++) expect(yield* on(ch.receive())).toBe(i)
  })

  inBothStyles('gives way, however long its iterable is, and goes on', function* (style) {
    const ch = chan<number>({ capacity: 1, overflow: 'drop-oldest' })
    let fired = false
    setTimeout(() => {
      fired = true
    }, 20)
    const values = (function* () {
      for (let i = 0; !fired && i < 50_000_000; i++) yield i
    })()
    yield* on(
      style
        .go(function* () {
          yield* on(ch.sendMany(values))
        })
        .join(),
    )
    expect(fired).toBe(true)
  })
})

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

describe('a batch beside other senders', () => {
  inBothStyles('queues again behind those that came meanwhile, a select among them', function* (style) {
    const ch = chan<string>()
    style.go(function* () {
      yield* on(ch.sendMany(['a1', 'a2', 'a3']))
    })
    style.go(function* () {
      yield* on(ch.send('b'))
    })
    style.go(function* () {
      yield* on(select({ sent: sending(ch, 'c') }))
    })
    yield* on(idle())
    const values: (string | undefined)[] = []
    for (let i = 0; i < 5; i++) values.push(yield* on(ch.receive()))
    expect(values).toEqual(['a1', 'b', 'c', 'a2', 'a3'])
  })
})
