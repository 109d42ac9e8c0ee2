import { describe, expect } from 'vitest'
import { chan, type ReceiveChan, type SendChan } from 'warren'
import { type Body, inBothStyles, on } from '../../support/styles.ts'

const count = 10

// Go: test/chan/fifo.go
describe('first in, first out', () => {
  inBothStyles('a buffered channel hands out values in the order they were sent', function* () {
    const ch = chan<number>(count)
    for (let i = 0; i < count; i++) yield* on(ch.send(i))
    for (let i = 0; i < count; i++) expect(yield* on(ch.receive())).toBe(i)
  })

  inBothStyles('receivers on an unbuffered channel are served in the order they came', function* (style) {
    function* link(ch: ReceiveChan<number>, value: number, before: ReceiveChan<number>, after: SendChan<number>): Body {
      yield* on(before.receive())
      expect(yield* on(ch.receive())).toBe(value)
      yield* on(after.send(1))
    }
    const ch = chan<number>()
    const first = chan<number>()
    let before = first
    for (let i = 0; i < count; i++) {
      const after = chan<number>()
      style.go(link, ch, i, before, after)
      before = after
    }
    yield* on(first.send(0))
    for (let i = 0; i < count; i++) yield* on(ch.send(i))
    yield* on(before.receive())
  })
})
