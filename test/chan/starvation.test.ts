// Invariant 6: timers and I/O get their turn, however busy goroutines of either style are. Nothing is timed here: the
// goroutines stop as soon as the timer fires, and fail if it has not by a count of operations that takes many seconds.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type Chan, chan, gosched, select, sending, sleep } from 'warren'
import { type Body, on, type Style, styles } from '../support/styles.ts'

const limit = 20_000_000

interface Stop {
  fired: boolean
}

/** What keeps a thread busy: starts its goroutines, each of which ends when `stop.fired`; returns one of them. */
type Saturation = (style: Style, stop: Stop) => Promise<number>

function* repeat(stop: Stop, step: () => Body<unknown>): Body<number> {
  let count = 0
  while (!stop.fired && count < limit) {
    yield* step()
    count++
  }
  return count
}

/** Ping-pong that ends on both sides. */
async function pingPong(stop: Stop, one: Style, other: Style, ping: Chan<true>, pong: Chan<true>): Promise<number> {
  other.go(function* () {
    while ((yield* on(ping.receive())) === true) yield* on(pong.send(true))
  })
  const count = await one
    .go(repeat, stop, function* (): Body {
      yield* on(ping.send(true))
      yield* on(pong.receive())
    })
    .join()
  ping.close()
  return count
}

const saturations: Record<string, Saturation> = {
  'sends and receives that finish at once'(style, stop) {
    const ch = chan<number>(1)
    return style
      .go(repeat, stop, function* (): Body {
        yield* on(ch.send(1))
        yield* on(ch.receive())
      })
      .join()
  },
  'selects that finish at once'(style, stop) {
    const ch = chan<number>(1)
    return style
      .go(repeat, stop, function* (): Body {
        yield* on(select({ ch, sent: sending(ch, 1) }))
      })
      .join()
  },
  'batches that finish at once'(style, stop) {
    const ch = chan<number>(10)
    return style
      .go(repeat, stop, function* (): Body {
        yield* on(ch.sendMany([1, 2, 3]))
        yield* on(ch.receiveMany())
      })
      .join()
  },
  'receives from a closed channel'(style, stop) {
    const ch = chan<never>()
    ch.close()
    return style.go(repeat, stop, () => on(ch.next())).join()
  },
  'sends that are dropped'(style, stop) {
    const ch = chan<number>({ capacity: 1, overflow: 'drop-newest' })
    return style.go(repeat, stop, () => on(ch.send(1))).join()
  },
  'joins of an ended goroutine'(style, stop) {
    const ended = style.go(function* () {})
    return style.go(repeat, stop, () => on(ended.join())).join()
  },
  'an unbuffered ping-pong': (style, stop) => pingPong(stop, style, style, chan(), chan()),
  'a buffered ping-pong': (style, stop) => pingPong(stop, style, style, chan(1), chan(1)),
  'a ping-pong between the two styles'(style, stop) {
    return pingPong(stop, style, styles.find((other) => other !== style)!, chan(), chan())
  },
  'giving way'(style, stop) {
    return style.go(repeat, stop, () => on(gosched())).join()
  },
  'sleeps of zero'(style, stop) {
    return style.go(repeat, stop, () => on(sleep(0))).join()
  },
  'a chain of starts, each goroutine starting the next'(style, stop) {
    function* start(count: number): Body<number> {
      if (stop.fired || count === limit) return count
      return yield* on(ends.receive()) as Body<number>
    }
    const ends = chan<number>()
    function* next(count: number): Body {
      if (stop.fired || count === limit) yield* on(ends.send(count))
      else style.go(next, count + 1)
    }
    style.go(next, 0)
    return style.go(start, 0).join()
  },
  'a hundred goroutines on one channel'(style, stop) {
    const ch = chan<number>(3)
    for (let i = 0; i < 50; i++) {
      style.go(function* () {
        while (!stop.fired) yield* on(ch.send(1))
        while (ch.tryReceive() !== undefined) {}
      })
      style.go(function* () {
        while (!stop.fired) yield* on(ch.receive())
        while (ch.trySend(1)) {}
      })
    }
    return style.go(repeat, stop, () => on(gosched())).join()
  },
}

/** What must get through. */
const events: Record<string, (stop: Stop) => unknown> = {
  'a timer': (stop) =>
    setTimeout(() => {
      stop.fired = true
    }, 30),
  'ten immediates, one after the other'(stop) {
    let left = 10
    const again = (): void => {
      if (--left === 0) stop.fired = true
      else setImmediate(again)
    }
    setImmediate(again)
  },
  'a request to a server in this process'(stop) {
    const server = createServer((_, response) => void response.end('ok')).listen(0, async () => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await response.text()
      server.close()
      server.closeAllConnections()
      stop.fired = true
    })
  },
}

for (const [eventName, arrange] of Object.entries(events)) {
  describe(`${eventName} gets through`, () => {
    for (const [name, saturate] of Object.entries(saturations)) {
      for (const style of styles) {
        test(`${name} (${style.name})`, { timeout: 60_000 }, async () => {
          const stop = { fired: false }
          arrange(stop)
          const count = await saturate(style, stop)
          expect(stop.fired).toBe(true)
          expect(count).toBeLessThan(limit)
        })
      }
    }
  })
}

// The other way round: the pause that lets timers in must not stop the goroutines for good, nor change their order.
describe('through many turns of the event loop', () => {
  for (const style of styles) {
    test(`values keep their order (${style.name})`, async () => {
      const ch = chan<number>(2)
      const stop = { fired: false }
      setTimeout(() => {
        stop.fired = true
      }, 100)
      let sent = 0
      const sender = style.go(function* () {
        while (!stop.fired) yield* on(ch.send(sent++))
        ch.close()
      })
      let received = 0
      const receiver = style.go(function* () {
        for (;;) {
          const result = yield* on(ch.next())
          if (result.done === true) return
          if (result.value !== received++) expect.unreachable()
        }
      })
      await sender.join()
      await receiver.join()
      expect(received).toBe(sent)
    })
  }
})
