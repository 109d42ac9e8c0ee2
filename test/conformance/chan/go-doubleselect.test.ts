import { describe, expect } from 'vitest'
import { type Chan, chan, type ReceiveChan, type SendChan, select, sending } from 'warren'
import { type Body, inEveryPair, on, type Style } from '../../support/styles.ts'

const count = 20_000

function* sender(outs: readonly Chan<number>[]): Body {
  const [a, b, c, d] = outs as [Chan<number>, Chan<number>, Chan<number>, Chan<number>]
  for (let i = 0; i < count; i++) {
    yield* on(select({ a: sending(a, i), b: sending(b, i), c: sending(c, i), d: sending(d, i) }))
  }
  for (const out of outs) out.close()
}

function* copy(from: ReceiveChan<number>, to: SendChan<number>, done: SendChan<true>): Body {
  for (;;) {
    const { value, done: ended } = yield* on(from.next())
    if (ended === true) break
    yield* on(to.send(value))
  }
  yield* on(done.send(true))
}

function* main(sending: Style, receiving: Style): Body {
  const parts = Array.from({ length: 4 }, () => chan<number>())
  const merged = chan<number>()
  const done = chan<true>()
  sending.go(sender, parts)
  for (const part of parts) receiving.go(copy, part, merged, done)
  receiving.go(function* () {
    for (let i = 0; i < parts.length; i++) yield* on(done.receive())
    merged.close()
  })
  const seen = new Uint8Array(count)
  for (;;) {
    const result = yield* on(merged.next())
    if (result.done === true) break
    seen[result.value]!++
  }
  expect(seen.findIndex((times) => times !== 1)).toBe(-1)
}

// Go: test/chan/doubleselect.go
describe('a select that sends', () => {
  inEveryPair('sends each value on exactly one of its channels', main)
})
