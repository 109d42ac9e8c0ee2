// Exactly one case of a select, whoever comes first; the others hold nothing.
import { chan, select, sending, trySelect } from 'warren'
import { must, mustEqual, proves } from '../support/explored.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { asyncStyle, generatorStyle, on } from '../support/styles.ts'

for (const capacity of [0, 1]) {
  for (const order of ['random', 'listed'] as const) {
    proves(`the case that is not taken stays in its channel: capacity ${capacity}, ${order}`, function* () {
      const a = chan<string>(capacity)
      const b = chan<string>(capacity)
      const senders = [asyncStyle, generatorStyle].map((style, i) =>
        style.go(function* () {
          yield* on(i === 0 ? a.send('a') : b.send('b'))
        }),
      )
      const picked = yield* on(select({ a, b }, { order }))
      checkInvariants(a)
      checkInvariants(b)
      must(picked.ok && picked.value === picked.case, 'the value of its case')
      const rest = yield* on(picked.case === 'a' ? b.receive() : a.receive())
      must(rest === (picked.case === 'a' ? 'b' : 'a'), 'the other value is still there')
      for (const sender of senders) yield* on(sender.join())
      expectNoWaiters(a, b)
    })

    proves(`two selects share two values: capacity ${capacity}, ${order}`, function* (style) {
      const a = chan<number>(capacity)
      const b = chan<number>(capacity)
      const other = style.go(function* () {
        return (yield* on(select([a, b], { order }))).value
      })
      const sender = style.go(function* () {
        yield* on(a.send(1))
        yield* on(b.send(2))
      })
      const mine = (yield* on(select([b, a], { order }))).value
      const theirs = yield* on(other.join())
      mustEqual([mine, theirs].sort(), [1, 2], 'each value once')
      yield* on(sender.join())
      expectNoWaiters(a, b)
    })
  }
}

proves('two selects, each of which would send or receive on the same channel, meet once', function* (style) {
  const ch = chan<number>()
  const cases = (value: number) => ({ sent: sending(ch, value), got: ch })
  const other = style.go(function* () {
    return yield* on(select(cases(2)))
  })
  const mine = yield* on(select(cases(1)))
  const theirs = yield* on(other.join())
  must(mine.case !== theirs.case, 'one sends, one receives')
  must(mine.case === 'sent' || mine.value === 2, 'the value of the other')
  must(theirs.case === 'sent' || theirs.value === 1, 'the value of the other')
  expectNoWaiters(ch)
})

proves(
  'three selects on one channel: two meet, the third goes on waiting',
  function* (style) {
    const ch = chan<number>()
    const stop = chan<never>()
    const select3 = function* (value: number) {
      return (yield* on(select({ sent: sending(ch, value), got: ch, stop }))).case
    }
    const met = chan<void>(3)
    const others = [2, 3].map((value) =>
      style.go(function* () {
        const name = yield* select3(value)
        met.trySend()
        return name
      }),
    )
    const closer = style.go(function* () {
      yield* on(met.receive())
      stop.close()
    })
    const mine = yield* select3(1)
    met.trySend()
    const names: string[] = [mine]
    for (const other of others) names.push(yield* on(other.join()))
    const count = (name: string) => names.filter((each) => each === name).length
    must(count('sent') === count('got') && count('sent') === 1, `one has sent and one got: ${names.join()}`)
    yield* on(closer.join())
    expectNoWaiters(ch, stop)
  },
  [generatorStyle],
)

proves('the same channel twice in a select takes one value', function* (style) {
  const ch = chan<number>()
  const sender = style.go(function* () {
    yield* on(ch.send(1))
    yield* on(ch.send(2))
  })
  const picked = yield* on(select([ch, ch]))
  must(picked.value === 1, 'the first value')
  checkInvariants(ch)
  must((yield* on(ch.receive())) === 2, 'the second value')
  yield* on(sender.join())
  expectNoWaiters(ch)
})

proves('a send case delivers its own value, of two on one channel', function* (style) {
  const ch = chan<number>()
  const receiver = style.go(function* () {
    return yield* on(ch.receive())
  })
  const picked = yield* on(select({ one: sending(ch, 1), two: sending(ch, 2) }))
  const got = yield* on(receiver.join())
  must(got === (picked.case === 'one' ? 1 : 2), 'the value of the case')
  must(ch.tryReceive() === undefined, 'and nothing of the other')
  expectNoWaiters(ch)
})

proves('a for-select loop gets every value before it sees the end', function* (style) {
  const jobs = chan<number>(1)
  const done = chan<never>()
  const producer = style.go(function* () {
    yield* on(jobs.send(1))
    yield* on(jobs.send(2))
    done.close()
  })
  const got: unknown[] = []
  for (;;) {
    const picked = yield* on(select({ jobs, done }))
    if (picked.case === 'done') break
    got.push(picked.value)
  }
  for (let rest = jobs.tryReceive(); rest?.ok; rest = jobs.tryReceive()) got.push(rest.value)
  mustEqual(got, [1, 2], 'all jobs')
  yield* on(producer.join())
  expectNoWaiters(jobs, done)
})

proves('a select with a default takes a value or leaves it', function* (style) {
  const ch = chan<number>()
  const sender = style.go(function* () {
    yield* on(ch.send(1))
  })
  const other = style.go(function* () {
    return trySelect({ ch })?.value
  })
  const mine = trySelect({ ch })?.value
  must(mine === undefined, 'nobody sends yet')
  const theirs = yield* on(other.join())
  if (theirs === undefined) must((yield* on(ch.receive())) === 1, 'it is still there')
  else must(theirs === 1, 'the value')
  yield* on(sender.join())
  expectNoWaiters(ch)
})
