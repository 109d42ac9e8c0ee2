// A generator goroutine that is killed where it waits, while the wait could end: its `finally` runs, and nothing is lost.
import { chan, type Goroutine, go, gosched, Mutex, Semaphore, select } from 'warren'
import { endOf, must, mustEqual, proves } from '../support/explored.ts'
import { isUntold, receiveForms, sendForms } from '../support/forms.ts'
import { checkInvariants, expectNoWaiters } from '../support/kinds.ts'
import { asyncStyle, on, receivesAll, type Style, styles } from '../support/styles.ts'

/** Kills in a turn of its own. */
function killer(style: Style, victim: Goroutine<unknown>): Goroutine<void> {
  return style.go(function* () {
    victim.kill()
  })
}

for (const capacity of [0, 1]) {
  for (const [name, receive] of Object.entries(receiveForms)) {
    proves(`a killed receiver has the value or leaves it: capacity ${capacity}, ${name}`, function* (style) {
      const ch = chan<number>(capacity)
      const seen: unknown[] = []
      let cleanedUp = 0
      const victim = go(function* () {
        try {
          seen.push((yield* receive(ch)).value)
        } finally {
          cleanedUp++
        }
      })
      const kills = style.go(function* () {
        yield* on(gosched())
        victim.kill()
        checkInvariants(ch)
      })
      yield* on(gosched())
      yield* on(ch.send(7))
      if (seen.length === 0) {
        const hasEnded = yield* endOf(victim)
        if (!hasEnded && seen.length === 0) seen.push(ch.tryReceive()?.value)
      }
      mustEqual(seen, [7], 'the value, once')
      yield* endOf(victim)
      must(cleanedUp <= 1, 'finally runs once')
      yield* on(kills.join())
      expectNoWaiters(ch)
    })
  }

  for (const [name, send] of Object.entries(sendForms)) {
    const tryIn = name.includes('iterator') ? [asyncStyle] : styles
    proves(
      `a killed sender has sent or not: capacity ${capacity}, ${name}`,
      function* (style) {
        const ch = chan<number>(capacity)
        if (capacity === 1) ch.trySend(0)
        let hasSent = false
        let isOver = false
        const victim = go(function* () {
          try {
            yield* send(ch, 7)
            hasSent = true
          } finally {
            isOver = true
          }
        })
        const kills = killer(style, victim)
        const receiver = style.go(receivesAll<number>, ch)
        yield* endOf(victim)
        must(isOver || !hasSent, 'finally has run, if it began')
        ch.close()
        const before = capacity === 1 ? [0] : []
        const got = yield* on(receiver.join())
        const arrived = hasSent || isUntold(name, got) ? [...before, 7] : before
        mustEqual(got, arrived, 'what was sent arrives')
        yield* on(kills.join())
      },
      tryIn,
    )
  }
}

proves('a killed select leaves both values', function* (style) {
  const a = chan<number>()
  const b = chan<number>()
  let taken = 0
  const victim = go(function* () {
    const picked = yield* select([a, b])
    taken += picked.value ?? 0
  })
  const kills = killer(style, victim)
  const sender = style.go(function* () {
    yield* on(a.send(1))
  })
  yield* endOf(victim)
  if (taken === 0) taken += (yield* on(a.receive())) ?? 0
  must(taken === 1, 'the value, once')
  yield* on(sender.join())
  yield* on(kills.join())
  expectNoWaiters(a, b)
})

proves('the guard of a killed goroutine is released, whether it had the lock or was to get it', function* (style) {
  const mu = new Mutex()
  let inside = 0
  const victim = go(function* () {
    using _ = yield* mu.lock()
    must(++inside === 1, 'alone')
    try {
      yield* gosched()
      yield* gosched()
    } finally {
      inside--
    }
  })
  const kills = killer(style, victim)
  const other = style.go(function* () {
    using _ = yield* on(mu.lock())
    must(++inside === 1, 'alone')
    yield* on(gosched())
    inside--
  })
  yield* endOf(victim)
  yield* on(other.join())
  yield* on(kills.join())
  must(mu.tryLock(), 'free')
})

proves('the units of a killed goroutine come back', function* (style) {
  const sem = new Semaphore(2)
  const victim = go(function* () {
    using _ = yield* sem.acquire(2)
    yield* gosched()
  })
  const kills = killer(style, victim)
  const other = style.go(function* () {
    using _ = yield* on(sem.acquire())
    yield* on(gosched())
  })
  yield* endOf(victim)
  yield* on(other.join())
  yield* on(kills.join())
  must(sem.tryAcquire(2), 'all are free')
})

proves('what a killed goroutine does in its finally blocks can wait, and is done', function* (style) {
  const ch = chan<number>()
  const farewell = chan<string>()
  const victim = go(function* () {
    try {
      yield* ch.receive()
    } finally {
      yield* farewell.send('bye')
    }
  })
  const kills = style.go(function* () {
    yield* on(gosched())
    victim.kill()
  })
  yield* on(gosched())
  must((yield* on(farewell.receive())) === 'bye', 'it says so')
  yield* endOf(victim)
  yield* on(kills.join())
  expectNoWaiters(ch, farewell)
})

proves('two kills are one', function* (style) {
  const ch = chan<never>()
  let cleanedUp = 0
  const victim = go(function* () {
    try {
      yield* ch.receive()
    } finally {
      cleanedUp++
      yield* gosched()
      cleanedUp += 10
    }
  })
  yield* on(gosched())
  const kills = [killer(style, victim), killer(style, victim)]
  must(!(yield* endOf(victim)), 'killed')
  must(cleanedUp === 11, 'finally ran to its end, once')
  for (const kill of kills) yield* on(kill.join())
})
