import { describe, expect } from 'vitest'
import { chan, select, sending } from 'warren'
import { lossless, overKinds } from '../support/kinds.ts'
import { attempt, idle, inBothStyles, on } from '../support/styles.ts'
import { watched } from '../support/watched.ts'

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
