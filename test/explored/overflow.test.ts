// Channels that drop, and values for many: what is lost is counted, what is not arrives once and in order.
import { background, broadcast, chan, select, sending, watch, withCancel } from 'warren'
import { must, mustEqual, proves, tried } from '../support/explored.ts'
import { checkInvariants, dropping } from '../support/kinds.ts'
import { generatorStyle, on, receivesAll } from '../support/styles.ts'

function isRising(values: readonly unknown[]): boolean {
  return values.every((value, i) => i === 0 || (value as number) > (values[i - 1] as number))
}

for (const kind of dropping.filter(({ capacity }) => capacity < 2)) {
  proves(`a dropping channel keeps the order, and never blocks a sender: ${kind.name}`, function* (style) {
    const ch = kind.make<number>()
    const sender = style.go(function* () {
      for (const value of [1, 2, 3]) {
        if (value === 2) yield* on(select({ sent: sending(ch, value) }))
        else yield* on(ch.send(value))
        checkInvariants(ch)
      }
      ch.close()
    })
    const got = yield* receivesAll(ch)
    must(isRising(got), `in order: ${got}`)
    must(got[0] === 1 || kind.overflow === 'drop-oldest', 'a waiting receiver has the first value')
    must(got.at(-1) === 3 || kind.overflow === 'drop-newest', 'the last value is not dropped')
    yield* on(sender.join())
  })
}

for (const lag of ['block', 'drop-oldest', 'drop-newest'] as const) {
  proves(
    `subscribers see one order, and miss what is counted: ${lag}`,
    function* (style) {
      const news = broadcast<number>({ capacity: 1, lag })
      const subscriptions = lag === 'block' ? [news.subscribe(), news.subscribe()] : [news.subscribe()]
      const readers = subscriptions.map((subscription) =>
        style.go(function* () {
          const got: number[] = []
          for (;;) {
            const next = yield* on(subscription.next())
            if (next.done === true) return got
            got.push(next.value)
            checkInvariants(subscription)
          }
        }),
      )
      yield* on(news.send(1))
      yield* on(news.send(2))
      news.close()
      for (const [i, reader] of readers.entries()) {
        const got = yield* on(reader.join())
        must(isRising(got), 'in order')
        must(got.length + subscriptions[i]!.missed === 2, 'all are accounted for')
        must(lag !== 'block' || got.length === 2, 'nobody loses anything')
      }
    },
    [generatorStyle],
  )
}

proves('a subscriber that leaves lets blocked senders go', function* (style) {
  const news = broadcast<number>({ capacity: 1, lag: 'block' })
  const slow = news.subscribe()
  const other = style.go(function* () {
    slow.unsubscribe()
  })
  yield* on(news.send(1))
  yield* on(news.send(2))
  yield* on(other.join())
  must(slow.tryReceive()?.value === 1, 'what was buffered is still there')
  must(news.subscribers === 0, 'nobody is left')
})

proves('a cancelled send has reached nobody, and lets the next one go', function* (style) {
  const news = broadcast<number>({ capacity: 1, lag: 'block' })
  const reader = news.subscribe()
  const ctx = withCancel(background())
  news.trySend(0)
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  const receiver = style.go(function* () {
    const got: number[] = []
    for (let next = yield* on(reader.next()); next.done !== true; next = yield* on(reader.next())) got.push(next.value)
    return got
  })
  const sent = yield* tried(on(news.send(1, ctx)))
  yield* on(news.send(2))
  news.close()
  mustEqual(yield* on(receiver.join()), sent.ok ? [0, 1, 2] : [0, 2], 'what was sent')
  yield* on(canceller.join())
})

proves('a subscriber that joins while others send sees an end of what was sent', function* (style) {
  const news = broadcast<number>({ capacity: 3, lag: 'block' })
  const late = style.go(function* () {
    using subscription = news.subscribe()
    const got: number[] = []
    for (let next = yield* on(subscription.next()); next.done !== true; next = yield* on(subscription.next())) {
      got.push(next.value)
    }
    return got
  })
  yield* on(news.send(1))
  yield* on(news.send(2))
  news.close()
  const got = yield* on(late.join())
  mustEqual(got, [1, 2].slice(2 - got.length), 'the last of them')
})

proves('who watches a value sees the latest, and never an older one after it', function* (style) {
  const level = watch(0)
  const watcher = style.go(function* () {
    using changes = level.subscribe()
    const got: number[] = []
    for (let next = yield* on(changes.next()); next.done !== true; next = yield* on(changes.next()))
      got.push(next.value)
    return got
  })
  const setter = style.go(function* () {
    level.set(1)
    const started = chan<void>(1)
    yield* on(started.send())
    level.set(2)
    yield* on(started.receive())
    level.close()
  })
  const got = yield* on(watcher.join())
  must(isRising(got) && (got.length === 0 || got.at(-1) === 2), `up to the latest: ${got}`)
  yield* on(setter.join())
})
