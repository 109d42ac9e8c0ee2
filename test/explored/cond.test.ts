// Waiting for a change: no wake-up is lost, whoever gives up, and the lock is held when a wait ends.
import {
  background,
  type CancelableContext,
  Cond,
  go,
  gosched,
  type Locker,
  Mutex,
  type Operation,
  RWMutex,
  sleep,
  withCancel,
  withTimeout,
} from 'warren'
import { endOf, must, proves, tried } from '../support/explored.ts'
import { type Body, generatorStyle, on } from '../support/styles.ts'

/** A Locker that is not ours: its lock is a mutex's, but a Cond does not know. */
class Foreign implements Locker {
  readonly mu: Mutex = new Mutex()

  lock(): Operation<Disposable> {
    must(new Date().getUTCFullYear() === 2000, 'it is locked in the bubble, by whomever')
    return this.mu.lock()
  }

  unlock(): void {
    this.mu.unlock()
  }
}

const lockers: Readonly<Record<string, () => Locker>> = {
  'a Mutex': () => new Mutex(),
  'a RWMutex': () => new RWMutex(),
  'a rLocker': () => new RWMutex().rLocker(),
  'a foreign Locker': () => new Foreign(),
}

/** Things to be taken, one each. */
class Shelf {
  readonly locker: Locker
  readonly cond: Cond
  things = 0
  inside = 0

  constructor(locker: Locker) {
    this.locker = locker
    this.cond = new Cond(locker)
  }

  /** `lingers`: it keeps the lock for a while after it has signalled. */
  *put(lingers = false): Body {
    yield* on(this.locker.lock() as Operation<unknown>)
    this.things++
    this.cond.signal()
    if (lingers) yield* on(gosched())
    this.locker.unlock()
  }

  *take(ctx?: CancelableContext): Body {
    yield* on(this.locker.lock() as Operation<unknown>)
    try {
      while (this.things === 0) yield* on(this.cond.wait(ctx))
      this.things--
    } finally {
      this.locker.unlock()
    }
  }
}

for (const [name, make] of Object.entries(lockers)) {
  proves(
    `a signal reaches who waits: ${name}`,
    function* (style) {
      const shelf = new Shelf(make())
      const taker = style.go(() => shelf.take())
      const putter = style.go(function* () {
        yield* shelf.put()
        yield* shelf.put()
      })
      yield* shelf.take()
      yield* on(putter.join())
      yield* on(taker.join())
      must(shelf.things === 0, 'all taken')
    },
    [generatorStyle],
  )

  proves(
    `a wait that is cancelled takes no signal from another: ${name}`,
    function* (style) {
      const shelf = new Shelf(make())
      const ctx = withCancel(background())
      const canceller = style.go(function* () {
        ctx.cancel()
      })
      const other = style.go(() => shelf.take())
      const putter = style.go(() => shelf.put())
      const mine = yield* tried(shelf.take(ctx))
      if (mine.ok) yield* shelf.put()
      yield* on(other.join())
      for (const each of [canceller, putter]) yield* on(each.join())
      must(shelf.things === 0, 'all taken')
      yield* on(shelf.locker.lock() as Operation<unknown>)
    },
    [generatorStyle],
  )

  proves(
    `a wait that is killed takes no signal from another: ${name}`,
    function* (style) {
      const shelf = new Shelf(make())
      let hasTaken = false
      const victim = go(function* () {
        yield* shelf.take()
        hasTaken = true
      })
      const other = style.go(() => shelf.take())
      yield* on(gosched())
      const killer = style.go(function* () {
        victim.kill()
      })
      yield* shelf.put(true)
      yield* endOf(victim)
      if (hasTaken) yield* shelf.put()
      yield* on(other.join())
      yield* on(killer.join())
      must(shelf.things === 0, 'all taken')
      yield* on(shelf.locker.lock() as Operation<unknown>)
    },
    [generatorStyle],
  )
}

proves('a broadcast wakes all who wait, one after the other', function* (style) {
  const mu = new Mutex()
  const cond = new Cond(mu)
  let isOpen = false
  let inside = 0
  function* pass(): Body {
    using _ = yield* on(mu.lock())
    while (!isOpen) yield* on(cond.wait())
    must(++inside === 1, 'alone')
    inside--
  }
  const others = [style.go(pass), style.go(pass)]
  const opener = style.go(function* () {
    using _ = yield* on(mu.lock())
    isOpen = true
    cond.broadcast()
  })
  for (const each of [...others, opener]) yield* on(each.join())
  must(mu.tryLock(), 'free at the end')
})

proves('a signal that comes without the lock is not lost to a waiter that is cancelled', function* (style) {
  const mu = new Mutex()
  const cond = new Cond(mu)
  const ctx = withCancel(background())
  let signals = 0
  let woken = 0
  const waiter = style.go(function* () {
    using _ = yield* on(mu.lock())
    const { ok } = yield* tried(on(cond.wait(ctx)))
    if (ok) woken++
    must(!mu.tryLock(), 'it has the lock')
  })
  const signaller = style.go(function* () {
    cond.signal()
    signals++
  })
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  for (const each of [waiter, signaller, canceller]) yield* on(each.join())
  must(woken <= signals, 'woken by a signal')
  must(mu.tryLock(), 'free at the end')
})

for (const [name, make] of Object.entries(lockers)) {
  proves(`a wait that a deadline ends, beside a signal at that instant, has the lock: ${name}`, function* (style) {
    const shelf = new Shelf(make())
    const ctx = withTimeout(background(), 10)
    const putter = style.go(function* () {
      yield* on(sleep(10))
      yield* shelf.put()
    })
    const { ok } = yield* tried(shelf.take(ctx))
    yield* on(putter.join())
    must(shelf.things === (ok ? 0 : 1), 'taken or left')
    yield* on(shelf.locker.lock() as Operation<unknown>)
  })
}
