// Small programs around stages under every schedule: each value comes once, or is still in the channel.
import { background, type Chan, chan, gosched, type ReceiveChan, select, sending, sleep, withCancel } from 'warren'
import { bridge, buffer, collect, fanOut, generate, map, merge, orDone, parallelMap, take, tee } from 'warren/pipeline'
import { endOf, must, mustEqual, proves, survives, tried } from '../support/explored.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { asyncStyle, type Body, generatorStyle, on, type Style } from '../support/styles.ts'

/** Sends the values, and closes the channel. */
function sendsAll(style: Style, ch: Chan<number>, values: readonly number[]) {
  return style.go(function* () {
    for (const value of values) yield* on(ch.send(value))
    ch.close()
  })
}

function* all(ch: ReceiveChan<number>): Body<number[]> {
  const got: number[] = []
  for (let next = yield* on(ch.next()); next.done !== true; next = yield* on(ch.next())) got.push(next.value)
  return got
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

const passing: Record<string, (ch: ReceiveChan<number>) => ReceiveChan<number>> = {
  orDone: (ch) => orDone(ch),
  'a buffer': (ch) => buffer(ch, 1),
  map: (ch) => map(ch, (n) => n),
}

for (const [name, stage] of Object.entries(passing)) {
  const shows = name === 'a buffer' ? survives : proves
  shows(`two readers of ${name} share its values`, function* (style) {
    const ch = chan<number>()
    const out = stage(ch)
    const sender = sendsAll(style, ch, [1, 2])
    const readers = [asyncStyle, generatorStyle].map((each) =>
      each.go(function* () {
        const { value } = yield* on(out.next())
        checkInvariants(ch)
        return value
      }),
    )
    const got = [yield* on(readers[0]!.join()), yield* on(readers[1]!.join())]
    mustEqual(sorted(got as number[]), [1, 2], 'each value once')
    yield* on(sender.join())
    must((yield* on(out.next())).done === true, 'then the end')
    expectNoWaiters(ch, out)
  })

  proves(`a sender and a receiver around ${name} keep the order`, function* (style) {
    const ch = chan<number>()
    const sender = sendsAll(style, ch, [1, 2])
    const out = stage(ch)
    mustEqual(yield* all(out), [1, 2], 'in order')
    yield* on(sender.join())
    expectNoWaiters(ch, out)
  })
}

proves('merge gives each value of two senders once', function* (style) {
  const [a, b] = [chan<number>(), chan<number>()]
  const senders = [sendsAll(style, a, [1]), sendsAll(style, b, [2])]
  const out = merge(a, b)
  mustEqual(sorted(yield* all(out)), [1, 2], 'each value once')
  for (const sender of senders) yield* on(sender.join())
  expectNoWaiters(a, b, out)
})

for (const [shows, values] of [
  [proves, [1]],
  [survives, [1, 2, 3]],
] as const) {
  shows(`both readers of a tee get every value, of ${values.length}, in order`, function* (style) {
    const ch = chan<number>()
    const [one, other] = tee(ch)
    const sender = sendsAll(style, ch, values)
    const reader = style.go(all, one)
    mustEqual(yield* all(other), values, 'mine')
    mustEqual(yield* on(reader.join()), values, 'theirs')
    yield* on(sender.join())
    expectNoWaiters(ch, one, other)
  })
}

proves('a reader that leaves its output of a tee holds up nobody', function* (style) {
  const ch = chan<number>()
  const [one, other] = tee(ch)
  const sender = sendsAll(style, ch, [1, 2])
  const leaver = style.go(function* () {
    const iterator = one[Symbol.asyncIterator]()
    yield* on(gosched())
    void iterator.return?.()
  })
  mustEqual(yield* all(other), [1, 2], 'all')
  yield* on(leaver.join())
  yield* on(sender.join())
  expectNoWaiters(ch, one, other)
})

survives('a tee with room has both in order, whoever is ahead', function* (style) {
  const ch = chan<number>()
  const [one, other] = tee(ch, 2, { capacity: 1 })
  const sender = sendsAll(style, ch, [1, 2, 3])
  const reader = style.go(all, one)
  mustEqual(yield* all(other), [1, 2, 3], 'mine')
  mustEqual(yield* on(reader.join()), [1, 2, 3], 'theirs')
  yield* on(sender.join())
})

proves('two takes of one stage share it, and the last one ends it', function* (style) {
  const ch = chan<number>(3)
  yield* on(ch.sendMany([1, 2, 3]))
  const shared = orDone(ch)
  const takes = [take(shared, 1), take(shared, 1)]
  const reader = style.go(all, takes[0]!)
  const got = [...(yield* all(takes[1]!)), ...(yield* on(reader.join()))]
  mustEqual(sorted(got), [1, 2], 'one each')
  mustEqual(
    [shared.tryReceive()?.ok, ch.tryReceive()?.value, ch.trySend(4)],
    [false, 3, true],
    'the rest is in the channel',
  )
  expectNoWaiters(ch)
})

proves('a cancelled orDone has taken no more than it gave', function* (style) {
  const ch = chan<number>(2)
  yield* on(ch.sendMany([1, 2]))
  const ctx = withCancel(background())
  const canceler = style.go(function* () {
    ctx.cancel()
  })
  const got = yield* all(orDone(ch, ctx))
  yield* on(canceler.join())
  const rest: number[] = []
  ch.close()
  for (let next = ch.tryReceive(); next?.ok === true; next = ch.tryReceive()) rest.push(next.value)
  mustEqual([...got, ...rest], [1, 2], 'each value is here or there')
})

proves('a cancelled collect leaves to the channel what it has not taken', function* (style) {
  const ch = chan<number>()
  const ctx = withCancel(background())
  const sender = style.go(function* () {
    return yield* tried(on(ch.send(1, ctx)))
  })
  const canceler = style.go(function* () {
    ctx.cancel()
  })
  const got = yield* tried(on(collect(ch, ctx)))
  must(!got.ok, 'cancelled')
  yield* on(sender.join())
  yield* on(canceler.join())
  expectNoWaiters(ch)
})

proves('parallelMap with an error and a cancel ends by one of them', function* (style) {
  const ctx = withCancel(background())
  const input = chan<number>(2)
  yield* on(input.sendMany([1, 2]))
  input.close()
  const error = new Error('two')
  const out = parallelMap(
    input,
    function* (n) {
      yield* on(gosched())
      if (n === 2) throw error
      return n
    },
    { concurrency: 2, ctx },
  )
  const canceler = style.go(function* () {
    ctx.cancel()
  })
  const got: number[] = []
  let caught: unknown
  try {
    for (let next = yield* on(out.next()); next.done !== true; next = yield* on(out.next())) got.push(next.value)
  } catch (thrown) {
    caught = thrown
  }
  must(caught === undefined || caught === error, 'the error of the function, or the end')
  must(got.length === 0 || (got.length === 1 && got[0] === 1), 'what came before')
  yield* on(canceler.join())
})

proves('an unordered parallelMap gives each result once', function* (style) {
  const ch = chan<number>()
  const sender = sendsAll(style, ch, [1, 2])
  const out = parallelMap(
    ch,
    function* (n) {
      yield* on(gosched())
      return n
    },
    { concurrency: 2, ordered: false },
  )
  mustEqual(sorted(yield* all(out)), [1, 2], 'each once')
  yield* on(sender.join())
})

proves('a bridge gives the values of each channel, in order', function* (style) {
  const channels = chan<ReceiveChan<number>>()
  const [a, b] = [chan<number>(), chan<number>()]
  const sender = style.go(function* () {
    yield* on(channels.send(a))
    yield* on(channels.send(b))
    channels.close()
  })
  const fillers = [sendsAll(style, a, [1]), sendsAll(style, b, [2])]
  mustEqual(yield* all(bridge(channels)), [1, 2], 'one channel after the other')
  yield* on(sender.join())
  for (const filler of fillers) yield* on(filler.join())
  expectNoWaiters(channels, a, b)
})

proves('what a select did not pick stays in its stage', function* (style) {
  const [a, b] = [chan<number>(1), chan<number>(1)]
  const senders = [
    style.go(function* () {
      yield* on(a.send(1))
    }),
    style.go(function* () {
      yield* on(b.send(2))
    }),
  ]
  const stages = { a: map(a, (n) => n), b: orDone(b) }
  const picked = yield* on(select(stages))
  must(picked.ok, 'a value')
  const rest = yield* on(picked.case === 'a' ? stages.b.receive() : stages.a.receive())
  mustEqual(sorted([picked.value!, rest!]), [1, 2], 'both values')
  for (const sender of senders) yield* on(sender.join())
  expectNoWaiters(a, b)
})

proves('a select over a stage and a timer loses nothing when the timer wins', function* (style) {
  const ch = chan<number>()
  const out = orDone(ch)
  const late = chan<void>()
  const sender = style.go(function* () {
    yield* on(sleep(10))
    yield* on(ch.send(1))
  })
  const timer = style.go(function* () {
    yield* on(sleep(10))
    late.close()
  })
  const picked = yield* on(select({ out, late }))
  const value = picked.case === 'out' ? picked.value : yield* on(out.receive())
  must(value === 1, 'the value')
  yield* on(sender.join())
  yield* on(timer.join())
  expectNoWaiters(ch, out)
})

proves('a select that sends on what a stage reads gives each value once', function* (style) {
  const ch = chan<number>()
  const out = map(ch, (n) => n)
  const reader = style.go(function* () {
    return yield* on(out.receive())
  })
  const picked = yield* on(select({ sent: sending(ch, 1), other: chan<number>() }))
  must(picked.case === 'sent', 'sent')
  must((yield* on(reader.join())) === 1, 'received')
})

proves('a producer whose reader is killed is unwound, when nobody else reads', function* (style) {
  let state = 'not started'
  const out = generate<number>(function* (sink) {
    state = 'running'
    try {
      for (let n = 1; ; n++) yield* on(sink.send(n))
    } finally {
      state = 'unwound'
    }
  })
  const got: number[] = []
  const reader = generatorStyle.go(function* () {
    yield* on(
      collect(
        map(out, (n) => {
          got.push(n)
          if (n === 2) reader.kill()
          return n
        }),
      ),
    )
  })
  must(!(yield* endOf(reader)), 'killed')
  for (let i = 0; i < 5; i++) yield* on(gosched())
  must(state === 'unwound' || state === 'not started', `the producer is ${state}`)
  mustEqual(got.slice(0, 2), [1, 2], 'in order')
  void style
})

proves('a part of a fanOut that is left loses nothing', function* (style) {
  const ch = chan<number>(2)
  yield* on(ch.sendMany([1, 2]))
  ch.close()
  const [one, other] = fanOut(ch, 2)
  const leaver = style.go(function* () {
    const iterator = one![Symbol.asyncIterator]()
    const got = yield* on(one!.next())
    void iterator.return?.()
    return got.value
  })
  const mine = yield* all(other!)
  const theirs = yield* on(leaver.join())
  mustEqual(sorted(theirs === undefined ? mine : [...mine, theirs]), [1, 2], 'each once')
})

survives('a pipeline of many stages between two goroutines gives each value once', function* (style) {
  const ch = chan<number>()
  const values = [1, 2, 3, 4, 5]
  const sender = sendsAll(style, ch, values)
  const parts = fanOut(orDone(ch), 2).map((part) =>
    map(part, function* (n) {
      yield* on(gosched())
      return n
    }),
  )
  const [one, other] = tee(buffer(merge(...parts), 2))
  const reader = style.go(all, take(one, 100))
  mustEqual(sorted(yield* all(other)), values, 'mine')
  mustEqual(sorted(yield* on(reader.join())), values, 'theirs')
  yield* on(sender.join())
})
