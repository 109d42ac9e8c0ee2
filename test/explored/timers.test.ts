// What happens at the same instant happens in any order, but each thing once.
import { after, afterFunc, background, chan, go, select, sleep, Ticker, Timer, withTimeout } from 'warren'
import { endOf, must, mustEqual, proves, tried } from '../support/explored.ts'
import { generatorStyle, on, type Style } from '../support/styles.ts'

/** Does something when time is `ms`. */
function at(style: Style, ms: number, fn: () => void) {
  return style.go(function* () {
    yield* on(sleep(ms))
    fn()
  })
}

proves('sleepers with one due time wake in any order, and none early', function* (style, t) {
  const sleepers = [10, 10, 20].map((ms) =>
    style.go(function* () {
      yield* on(sleep(ms))
      must(t.now() === ms, 'on time')
    }),
  )
  for (const sleeper of sleepers) yield* on(sleeper.join())
})

proves('a timer ticks once, also when somebody looks at the instant when it is due', function* (style) {
  const timer = new Timer(10)
  const waits = style.go(function* () {
    return yield* on(select({ tick: timer.c, never: after(20) }))
  })
  let polled: unknown
  const polls = at(style, 10, () => {
    polled = timer.c.tryReceive()
  })
  const picked = yield* on(waits.join())
  yield* on(polls.join())
  must((picked.case === 'tick') !== (polled !== undefined), 'one of them has the tick')
  must(timer.c.tryReceive() === undefined, 'and that was all')
})

proves('who waits for a tick has it before those who come when it is due', function* (style, t) {
  const ticker = new Ticker(10)
  const first = style.go(function* () {
    yield* on(ticker.c.receive())
    must(t.now() === 10, 'the first tick')
  })
  const second = style.go(function* () {
    yield* on(sleep(10))
    yield* on(ticker.c.receive())
    return t.now()
  })
  yield* on(first.join())
  must((yield* on(second.join())) === 20, 'the second tick')
  ticker.stop()
})

proves('a ticker keeps its phase, whoever receives', function* (style, t) {
  const ticker = new Ticker(10)
  const receivers = [0, 1].map(() =>
    style.go(function* () {
      yield* on(ticker.c.receive())
      return t.now()
    }),
  )
  const polls = at(style, 10, () => void ticker.c.tryReceive())
  const times: number[] = []
  for (const receiver of receivers) times.push(yield* on(receiver.join()))
  mustEqual(times.sort(), [10, 20], 'one tick each')
  yield* on(polls.join())
  yield* on(ticker.c.receive())
  must(t.now() === 30, 'the third tick')
  ticker.stop()
})

proves('a stop says whether there was a tick to come', function* (style) {
  const timer = new Timer(10)
  let wasActive: boolean | undefined
  const stops = at(style, 10, () => {
    wasActive = timer.stop()
  })
  const { case: picked } = yield* on(select({ tick: timer.c, other: after(30) }))
  yield* on(stops.join())
  must(wasActive === (picked === 'other'), `stopped ${wasActive}, picked ${picked}`)
  must(!timer.stop(), 'nothing is left to stop')
})

proves('a reset at the instant when a timer is due moves the tick, or adds one', function* (style, t) {
  const timer = new Timer(10)
  let wasActive: boolean | undefined
  const resets = at(style, 10, () => {
    wasActive = timer.reset(5)
  })
  yield* on(timer.c.receive())
  const first = t.now()
  yield* on(resets.join())
  must(first === (wasActive === true ? 15 : 10), `active ${wasActive}, at ${first}`)
  if (wasActive === false) {
    yield* on(timer.c.receive())
    must(t.now() === 15, 'the tick of the new setting')
  }
  must(!timer.stop(), 'no tick is left')
})

proves('a function that is called later is stopped, or called, not both', function* (style) {
  let calls = 0
  const timer = afterFunc(10, () => void calls++)
  let hasStopped: boolean | undefined
  const stops = at(style, 10, () => {
    hasStopped = timer.stop()
  })
  yield* on(stops.join())
  yield* on(sleep(10))
  must(calls === (hasStopped === true ? 0 : 1), `stopped ${hasStopped}, ${calls} calls`)
})

proves('a reset of a function that is called later calls it once, or once more', function* (style) {
  let calls = 0
  const timer = afterFunc(10, () => void calls++)
  let wasActive: boolean | undefined
  const resets = at(style, 10, () => {
    wasActive = timer.reset(5)
  })
  yield* on(resets.join())
  yield* on(sleep(20))
  must(calls === (wasActive === true ? 1 : 2), `active ${wasActive}, ${calls} calls`)
})

proves('a deadline and the end of a sleep at one instant: one of the two', function* (style, t) {
  using ctx = withTimeout(background(), 10)
  const other = style.go(() => tried(on(sleep(10, ctx))))
  const slept = yield* tried(on(sleep(10, ctx)))
  must(t.now() === 10, 'on time')
  if (!slept.ok) must(ctx.err === slept.error, 'the error of the context')
  yield* on(other.join())
})

proves('a receive, its timeout and the value at one instant', function* (style) {
  const ch = chan<number>()
  using ctx = withTimeout(background(), 10)
  const sender = style.go(function* () {
    yield* on(sleep(10))
    yield* on(ch.send(7))
  })
  const first = yield* tried(on(select({ ch, late: after(10) }, { ctx })))
  const value = first.ok && first.value.case === 'ch' ? first.value.value : yield* on(ch.receive())
  must(value === 7, 'the value, once')
  yield* on(sender.join())
})

proves(
  'a sleeper that is killed when it is due leaves no timer behind',
  function* (style) {
    let hasWoken = false
    let cleanedUp = 0
    const victim = go(function* () {
      try {
        yield* sleep(10)
        hasWoken = true
      } finally {
        cleanedUp++
      }
    })
    const kills = at(style, 10, () => victim.kill())
    const hasEnded = yield* endOf(victim)
    must(cleanedUp === 1 && (hasWoken || !hasEnded), 'finally runs once')
    yield* on(kills.join())
  },
  [generatorStyle],
)
