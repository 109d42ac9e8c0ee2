import { describe, expect } from 'vitest'
import { type Chan, chan, gosched, select, sending, trySelect } from 'warren'
import { buffered, overKinds, unbuffered } from '../../support/kinds.ts'
import { type Body, on } from '../../support/styles.ts'

const values: readonly [unknown, unknown][] = [
  [123, 234],
  [123456n, 234567n],
  [true, false],
  ['hello', 'hello again'],
  [{ hello: 1 }, null],
  [undefined, Number.NaN],
]

/** Non-blocking operations, in the two ways to write them. */
const ways = [
  {
    name: 'trySend and tryReceive',
    send: (ch: Chan<unknown>, value: unknown): boolean => ch.trySend(value),
    receive: (ch: Chan<unknown>) => ch.tryReceive(),
  },
  {
    name: 'trySelect',
    send: (ch: Chan<unknown>, value: unknown): boolean => trySelect({ sent: sending(ch, value) }) !== undefined,
    receive(ch: Chan<unknown>) {
      const picked = trySelect({ value: ch })
      return picked && { value: picked.value, ok: picked.ok }
    },
  },
]

const maxTries = 1000

// Go: test/chan/nonblock.go
for (const way of ways) {
  describe(way.name, () => {
    overKinds([unbuffered, buffered[0]!], 'meets a blocked partner, and never waits', function* (kind, style) {
      const strobe = chan<true>()
      for (const [wanted, other] of values) {
        const ch = kind.make<unknown>()
        expect(way.receive(ch)).toBeUndefined()

        style.go(function* (): Body {
          const picked = yield* on(select({ ch }))
          expect(picked.value).toBe(wanted)
          yield* on(strobe.send(true))
        })
        let tries = 0
        while (!way.send(ch, wanted) && ++tries < maxTries) yield* on(gosched())
        expect(tries).toBeLessThan(maxTries)
        yield* on(strobe.receive())

        style.go(function* (): Body {
          yield* on(ch.send(other))
          yield* on(strobe.send(true))
        })
        if (kind.capacity > 0) yield* on(strobe.receive())
        let got = way.receive(ch)
        for (tries = 0; got === undefined && tries < maxTries; tries++) {
          yield* on(gosched())
          got = way.receive(ch)
        }
        expect(got).toEqual({ value: other, ok: true })
        if (kind.capacity === 0) yield* on(strobe.receive())
      }
    })
  })
}
