// Operations when the turn of the real event loop has had its time, and what would settle at once is kept back.
import { describe, expect, test } from 'vitest'
import { chan, type Goroutine, go, gosched } from 'warren'
import { expectKilled } from '../support/killed.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'

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

test('a wait that is over is delivered before a kill, also when it was only kept back to the next turn', async () => {
  const ch = chan<number>({ capacity: 1, overflow: 'drop-oldest' })
  let sent = 0
  const goroutine: Goroutine<unknown> = go(function* () {
    const start = performance.now()
    while (performance.now() - start < 20) {}
    // One of the next operations finds the turn's time used up.
    for (let i = 0; i < 600; i++) {
      const operation = ch.send(i)
      if (Object.isFrozen(operation)) continue
      goroutine.kill()
      yield* operation
      sent++
      yield* gosched()
      expect.unreachable()
    }
  })
  await expectKilled(goroutine)
  expect(sent).toBe(1)
})
