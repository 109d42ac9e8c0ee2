import { describe, expect } from 'vitest'
import { type Chan, chan, gosched, type ReceiveChan, select, sending, trySelect } from 'warren'
import { expectNoWaiters } from '../../support/kinds.ts'
import { type Body, idle, inBothStyles, inEveryPair, on, type Style } from '../../support/styles.ts'

// Go: runtime/chan_test.go, TestSelfSelect
describe('a select that sends and receives on one channel', () => {
  for (const capacity of [0, 10]) {
    inEveryPair(`never receives from itself, and does not get stuck (capacity ${capacity})`, function* (one, other) {
      const ch = chan<number>(capacity)
      function* play(self: number): Body {
        for (let i = 0; i < 1000; i++) {
          const sent = sending(ch, self)
          const picked = self === 0 || i % 2 === 0 ? yield* on(select({ sent, ch })) : yield* on(select({ ch, sent }))
          if (capacity === 0 && picked.case === 'ch') expect(picked.value).not.toBe(self)
        }
      }
      const both = [one.go(play, 0), other.go(play, 1)]
      for (const goroutine of both) yield* on(goroutine.join())
      expectNoWaiters(ch)
    })
  }
})

// Go: runtime/chan_test.go, TestSelectStress
describe('single operations and selects on the same four channels', () => {
  const count = 5000
  inEveryPair(`come out even after ${count} values of each`, function* (one, other) {
    const channels: readonly Chan<number>[] = [chan(), chan(), chan(2), chan(3)]
    const running = channels.flatMap((ch) => [
      one.go(function* () {
        for (let i = 0; i < count; i++) yield* on(ch.send(0))
      }),
      other.go(function* () {
        for (let i = 0; i < count; i++) yield* on(ch.receive())
      }),
    ])
    function* inSelects(isSender: boolean): Body {
      const left: (Chan<number> | null)[] = isSender ? [...channels].reverse() : [...channels]
      const counts = [0, 0, 0, 0]
      for (let i = 0; i < 4 * count; i++) {
        const picked: { case: number } = yield* on(select(left.map((ch) => (ch && isSender ? sending(ch, 0) : ch))))
        if (++counts[picked.case]! === count) left[picked.case] = null
      }
    }
    running.push(one.go(inSelects, true), other.go(inSelects, false))
    for (const goroutine of running) yield* on(goroutine.join())
    expectNoWaiters(...channels)
    expect(channels.map(({ length }) => length)).toEqual([0, 0, 0, 0])
  })
})

// Go: runtime/chan_test.go, TestSelectFairness
describe('a select with two cases that are always ready', () => {
  inBothStyles('picks either half of the time', function* (style) {
    const trials = 10_000
    const [ones, twos, out] = [chan<number>(trials + 1), chan<number>(trials + 1), chan<number>()]
    const [never1, never2, done] = [chan<number>(), chan<number>(), chan<never>()]
    yield* on(ones.sendMany(new Array<number>(trials + 1).fill(1)))
    yield* on(twos.sendMany(new Array<number>(trials + 1).fill(2)))
    const selecting = style.go(function* () {
      for (;;) {
        const { value } = yield* on(select([never1, never2, ones, twos]))
        const picked = yield* on(select({ out: sending(out, value!), done }))
        if (picked.case === 'done') return
      }
    })
    let first = 0
    for (let i = 0; i < trials; i++) if ((yield* on(out.receive())) === 1) first++
    // Six nines of confidence, as in Go.
    expect(Math.abs(first / trials - 0.5)).toBeLessThan(4.891676 / (2 * Math.sqrt(trials)))
    done.close()
    yield* on(selecting.join())
  })
})

/** Of the values 0 and 1 that one select offers on one channel: how many of each a receiver that gives way gets. */
function* receiveEither(style: Style, capacity: number): Body<readonly [number, number]> {
  const count = 1000
  const ch = chan<number>(capacity)
  let ones = 0
  const receiver = style.go(function* () {
    for (let i = 0; i < count; i++) {
      yield* on(gosched())
      ones += (yield* on(ch.receive()))!
    }
  })
  for (let i = 0; i < count; i++) yield* on(select([sending(ch, 1), sending(ch, 0)]))
  yield* on(receiver.join())
  return [count - ones, ones]
}

// Go: runtime/chan_test.go, TestPseudoRandomSend
describe('a select that sends one of two values on one channel', () => {
  inBothStyles('sends both often, into a buffer', function* (style) {
    expect(Math.min(...(yield* receiveEither(style, 1000)))).toBeGreaterThan(100)
  })

  inBothStyles('sends both often, to a receiver that comes later', function* (style) {
    expect(Math.min(...(yield* receiveEither(style, 0)))).toBeGreaterThan(100)
  })
})

// Go: runtime/chan_test.go, TestMultiConsumer
describe('23 workers between two buffers', () => {
  const workers = 23
  const count = 27_182
  const primes = [2, 3, 7, 11, 13, 17, 19, 23, 27, 31]
  inEveryPair(`lose none of ${count} values, however they give way`, function* (one, other) {
    const [queue, results] = [chan<number>(workers * 3), chan<number>(workers * 3)]
    function* work(w: number): Body {
      for (;;) {
        const { value, done } = yield* on(queue.next())
        if (done === true) return
        if (primes[w % primes.length] === value) yield* on(gosched())
        yield* on(results.send(value))
      }
    }
    const working = Array.from({ length: workers }, (_, w) => (w % 2 === 0 ? one : other).go(work, w))
    let expected = 0
    one.go(function* () {
      for (let i = 0; i < count; i++) {
        const value = primes[i % primes.length]!
        expected += value
        yield* on(queue.send(value))
      }
      queue.close()
      for (const worker of working) yield* on(worker.join())
      results.close()
    })
    let [received, sum] = [0, 0]
    for (;;) {
      const values = yield* on(results.receiveMany())
      if (values.length === 0) break
      received += values.length
      sum += values.reduce((a, b) => a + b)
    }
    expect([received, sum]).toEqual([count, expected])
  })
})

// Go: runtime/chan_test.go, TestSelectDuplicateChannel
describe('a select that names a channel twice', () => {
  inEveryPair('leaves both its places in the queue', function* (one, other) {
    const [c, d, e] = [chan<number>(), chan<number>(), chan<number>()]
    one.go(function* () {
      yield* on(select([c, c, d]))
      yield* on(e.send(9))
    })
    yield* on(idle())
    const second = other.go(function* () {
      return yield* on(c.receive())
    })
    yield* on(idle())
    yield* on(d.send(7))
    yield* on(e.receive())
    yield* on(c.send(8))
    expect(yield* on(second.join())).toBe(8)
    expectNoWaiters(c, d, e)
  })
})

// Go: runtime/chan_test.go, TestChanSendInterface
describe('a channel of objects', () => {
  inBothStyles('takes one by each form of sending', function* () {
    const value = {}
    const ch = chan<unknown>(1)
    yield* on(ch.send(value))
    expect(trySelect({ sent: sending(ch, value) })).toBeUndefined()
    expect(trySelect({ sent: sending(ch, value), other: sending(ch, {}) })).toBeUndefined()
    expect(yield* on(ch.receive())).toBe(value)
  })
})

interface Response {
  readonly answer: number
}

// Go: runtime/chanbarrier_test.go, TestChanSendSelectBarrier and TestChanSendBarrier. What a goroutine holds must not be
// lost or mixed up while it waits.
describe('twenty goroutines whose helpers hand a made value to a channel', () => {
  for (const useSelect of [true, false]) {
    inEveryPair(useSelect ? 'by a select' : 'by a send', function* (one, other) {
      const rounds = 500
      function* request(index: number): Body {
        const answers = chan<Response>()
        for (let i = 0; i < rounds; i++) {
          const answer = index * rounds + i
          one.go(function* () {
            const response: Response = { answer }
            const garbage = new Array(16).fill(answer)
            if (useSelect) yield* on(select({ sent: sending(answers, response), done: chan<never>() }))
            else yield* on(answers.send(response))
            expect(garbage[answer % 16]).toBe(answer)
          })
          const received: ReceiveChan<Response> = answers
          expect((yield* on(received.receive()))!.answer).toBe(answer)
        }
      }
      const running = Array.from({ length: 20 }, (_, index) => other.go(request, index))
      for (const goroutine of running) yield* on(goroutine.join())
    })
  }
})
