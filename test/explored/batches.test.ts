// Many values in one operation, which may end in the middle.
import { test } from 'vitest'
import { background, chan, go, gosched, PanicError, withCancel } from 'warren'
import { endOf, must, mustEqual, proof, proves, tried } from '../support/explored.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { on, receivesAll, styles } from '../support/styles.ts'

/** What is sent, as an array and as what runs code of the user's. */
const sources: Readonly<Record<string, (onReturn?: () => void) => Iterable<number>>> = {
  'an array': () => [1, 2, 3],
  'an iterable': function* (onReturn) {
    try {
      yield 1
      yield 2
      yield 3
    } finally {
      onReturn?.()
    }
  },
}

function isPrefix(values: readonly number[]): boolean {
  return values.every((value, i) => value === i + 1)
}

for (const [name, values] of Object.entries(sources)) {
  for (const capacity of [0, 1, 2]) {
    proves(`a batch arrives in order, in whatever pieces: capacity ${capacity}, ${name}`, function* (style) {
      const ch = chan<number>(capacity)
      const sender = style.go(function* () {
        yield* on(ch.sendMany(values()))
        ch.close()
      })
      const got: number[] = []
      for (;;) {
        const some = yield* on(ch.receiveMany(2))
        if (some.length === 0) break
        must(some.length <= 2, 'no more than asked for')
        got.push(...some)
        checkInvariants(ch)
      }
      mustEqual(got, [1, 2, 3], 'all, in order')
      yield* on(sender.join())
      expectNoWaiters(ch)
    })

    proves(`a batch that is cancelled has sent the first values: capacity ${capacity}, ${name}`, function* (style) {
      const ch = chan<number>(capacity)
      const ctx = withCancel(background())
      let hasEnded = false
      const canceller = style.go(function* () {
        ctx.cancel()
        checkInvariants(ch)
      })
      const receiver = style.go(function* () {
        const got = yield* on(ch.receiveMany())
        checkInvariants(ch)
        return got
      })
      const end = () => {
        hasEnded = true
      }
      const sent = yield* tried(on(ch.sendMany(values(end), ctx)))
      if (name === 'an iterable') {
        yield* on(gosched())
        must(hasEnded, 'the iterable is told')
      }
      ch.close()
      const got = yield* on(receiver.join())
      for (let rest = ch.tryReceive(); rest?.ok; rest = ch.tryReceive()) got.push(rest.value)
      must(isPrefix(got) && (!sent.ok || got.length === 3), `sent ${sent.ok}, got ${got}`)
      yield* on(canceller.join())
    })

    proves(
      `a batch that meets a close has sent what comes before the value that it names: capacity ${capacity}, ${name}`,
      function* (style) {
        const ch = chan<number>(capacity)
        const closer = style.go(function* () {
          ch.close()
          checkInvariants(ch)
        })
        const receiver = style.go(receivesAll<number>, ch)
        let unsent: unknown = 4
        try {
          yield* on(ch.sendMany(values()))
        } catch (error) {
          must(error instanceof PanicError, `a panic, not ${error}`)
          unsent = error.value
        }
        const got = yield* on(receiver.join())
        must(isPrefix(got) && got.length + 1 === unsent, `got ${got}, unsent ${unsent}`)
        yield* on(closer.join())
      },
    )

    if (capacity === 2 && name === 'an iterable') continue // a proof takes thousands of schedules
    proves(
      `a batch whose goroutine is killed has sent the first values: capacity ${capacity}, ${name}`,
      function* (style) {
        const ch = chan<number>(capacity)
        let hasSent = false
        const victim = go(function* () {
          yield* ch.sendMany(values())
          hasSent = true
        })
        const killer = style.go(function* () {
          victim.kill()
          checkInvariants(ch)
        })
        const receiver = style.go(function* () {
          return yield* on(ch.receiveMany())
        })
        yield* endOf(victim)
        ch.close()
        const got = yield* on(receiver.join())
        for (let rest = ch.tryReceive(); rest?.ok; rest = ch.tryReceive()) got.push(rest.value)
        must(isPrefix(got) && (!hasSent || got.length === 3), `sent ${hasSent}, got ${got}`)
        yield* on(killer.join())
      },
    )
  }
}

for (const style of styles) {
  const run = proof(function* () {
    const ch = chan<number>()
    const times = {
      *[Symbol.iterator]() {
        for (let i = 0; i < 3; i++) yield Date.now()
      },
    }
    const sender = style.go(function* () {
      yield* on(ch.sendMany(times))
    })
    const midnight = Date.UTC(2000, 0, 1)
    for (let i = 0; i < 3; i++) must((yield* on(ch.receive())) === midnight, 'the time of the bubble')
    yield* on(sender.join())
  }, style)
  test(`an iterable is read on in the bubble of who sends it (${style.name})`, async () => {
    const counts = new Set<number>()
    for (let i = 0; i < 5; i++) counts.add(await run())
    must(counts.size === 1, `the same schedules each time, not ${[...counts]}`)
  })
}

proves('two who take many share a batch', function* (style) {
  const ch = chan<number>(1)
  const other = style.go(function* () {
    return yield* on(ch.receiveMany())
  })
  const sender = style.go(function* () {
    yield* on(ch.sendMany([1, 2, 3]))
    ch.close()
  })
  const got = yield* on(ch.receiveMany())
  const theirs = yield* on(other.join())
  yield* on(sender.join())
  for (let rest = ch.tryReceive(); rest?.ok; rest = ch.tryReceive()) got.push(rest.value)
  mustEqual([...got, ...theirs].sort(), [1, 2, 3], 'each value once')
})

proves('a batch takes turns with another sender', function* (style) {
  const ch = chan<number>()
  const batch = style.go(function* () {
    yield* on(ch.sendMany([1, 2]))
  })
  const single = style.go(function* () {
    yield* on(ch.send(10))
  })
  const got = [yield* on(ch.receive()), ...(yield* on(ch.receiveMany()))]
  while (got.length < 3) got.push(yield* on(ch.receive()))
  mustEqual([...got].sort(), [1, 10, 2], 'each value once')
  must(got.indexOf(1) < got.indexOf(2), 'the batch in order')
  yield* on(batch.join())
  yield* on(single.join())
  expectNoWaiters(ch)
})
