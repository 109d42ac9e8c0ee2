// Mutual exclusion, and whose turn it is.
import { background, chan, type Goroutine, gosched, Mutex, RWMutex, Semaphore, withCancel } from 'warren'
import { must, mustEqual, proves, survives, tried } from '../support/explored.ts'
import { asyncStyle, generatorStyle, on, type Style } from '../support/styles.ts'

proves(
  'a mutex lets one in at a time, in the order of asking',
  function* () {
    const mu = new Mutex()
    const asked: number[] = []
    const got: number[] = []
    let inside = 0
    const work = (style: Style, i: number) =>
      style.go(function* () {
        asked.push(i)
        using _ = yield* on(mu.lock())
        got.push(i)
        must(++inside === 1, 'alone')
        yield* on(gosched())
        inside--
      })
    const workers = [work(asyncStyle, 0), work(generatorStyle, 1), work(asyncStyle, 2)]
    for (const worker of workers) yield* on(worker.join())
    mustEqual(got, asked, 'in order')
    must(mu.tryLock(), 'free at the end')
  },
  [generatorStyle],
)

proves('a tryLock gets a mutex only when it is free', function* (style) {
  const mu = new Mutex()
  let inside = 0
  const tries = [0, 1].map(() =>
    style.go(function* () {
      if (!mu.tryLock()) return
      must(++inside === 1, 'alone')
      yield* on(gosched())
      inside--
      mu.unlock()
    }),
  )
  const guard = yield* on(mu.lock())
  must(++inside === 1, 'alone')
  yield* on(gosched())
  inside--
  guard[Symbol.dispose]()
  for (const each of tries) yield* on(each.join())
  must(mu.tryLock(), 'free at the end')
})

proves('a guard that is disposed twice releases only its own hold', function* (style) {
  const mu = new Mutex()
  let inside = 0
  const other = style.go(function* () {
    using _ = yield* on(mu.lock())
    must(++inside === 1, 'alone')
    yield* on(gosched())
    inside--
  })
  const third = style.go(function* () {
    using _ = yield* on(mu.lock())
    must(++inside === 1, 'alone')
    inside--
  })
  const guard = yield* on(mu.lock())
  guard[Symbol.dispose]()
  yield* on(gosched())
  guard[Symbol.dispose]()
  yield* on(other.join())
  yield* on(third.join())
})

/** Who is inside a RWMutex, checked at each entry. */
class Inside {
  readers = 0
  writers = 0;

  *write() {
    must(++this.writers === 1 && this.readers === 0, 'a writer is alone')
    yield* on(gosched())
    this.writers--
  }

  *read() {
    this.readers++
    must(this.writers === 0, 'no reader beside a writer')
    yield* on(gosched())
    this.readers--
  }
}

proves('a writer excludes readers and writers', function* (style) {
  const rw = new RWMutex()
  const inside = new Inside()
  const others = [
    function* () {
      using _ = yield* on(rw.rLock())
      yield* inside.read()
    },
    function* () {
      using _ = yield* on(rw.lock())
      yield* inside.write()
    },
  ].map((body) => style.go(body))
  {
    using _ = yield* on(rw.lock())
    yield* inside.write()
  }
  for (const other of others) yield* on(other.join())
  must(rw.tryLock(), 'free at the end')
})

survives('readers and writers, many of them, with cancels', function* (style) {
  const rw = new RWMutex()
  const inside = new Inside()
  const ctx = withCancel(background())
  const workers = [0, 1, 2, 3, 4, 5].map((i) =>
    style.go(() =>
      tried(
        (function* () {
          using _ = yield* on(i % 2 === 0 ? rw.lock(i < 4 ? ctx : undefined) : rw.rLock(i < 4 ? ctx : undefined))
          yield* i % 2 === 0 ? inside.write() : inside.read()
        })(),
      ),
    ),
  )
  yield* on(gosched())
  ctx.cancel()
  for (const worker of workers) yield* on(worker.join())
  must(rw.tryLock(), 'free at the end')
})

proves(
  'a cancelled writer lets the readers in that waited for it',
  function* (style) {
    const rw = new RWMutex()
    const ctx = withCancel(background())
    const reading = yield* on(rw.rLock())
    const writer = style.go(() =>
      tried(
        (function* () {
          using _ = yield* on(rw.lock(ctx))
        })(),
      ),
    )
    const canceller = style.go(function* () {
      ctx.cancel()
    })
    const readers = [0].map(() =>
      style.go(function* () {
        using _ = yield* on(rw.rLock())
      }),
    )
    for (const reader of readers) yield* on(reader.join())
    must(!(yield* on(writer.join())).ok, 'the first reader has never left')
    reading[Symbol.dispose]()
    yield* on(canceller.join())
    must(rw.tryLock(), 'free at the end')
  },
  [generatorStyle],
)

proves('a waiting writer goes before readers who come later', function* (style) {
  const rw = new RWMutex()
  const order: string[] = []
  let isWaiting = false
  const reading = yield* on(rw.rLock())
  const writer = style.go(function* () {
    isWaiting = true
    using _ = yield* on(rw.lock())
    order.push('write')
  })
  const reader = style.go(function* () {
    const isLater = isWaiting
    using _ = yield* on(rw.rLock())
    if (isLater) mustEqual(order, ['write'], 'after the writer')
  })
  yield* on(gosched())
  reading[Symbol.dispose]()
  yield* on(writer.join())
  yield* on(reader.join())
})

proves(
  'units are conserved, and who asks for many is not overtaken',
  function* (style) {
    const sem = new Semaphore(2)
    const ctx = withCancel(background())
    let used = 0
    function* use(n: number, ctx?: ReturnType<typeof withCancel>) {
      using _ = yield* on(sem.acquire(n, ctx))
      used += n
      must(used <= 2, 'no more than there are')
      yield* on(gosched())
      used -= n
    }
    const others: Goroutine<unknown>[] = [
      style.go(() => tried(use(2, ctx))),
      style.go(() => use(1)),
      style.go(function* () {
        ctx.cancel()
      }),
    ]
    yield* use(1)
    for (const other of others) yield* on(other.join())
    must(sem.tryAcquire(2), 'all are free')
  },
  [generatorStyle],
)

proves('a large request that is given up lets a small one pass', function* (style) {
  const sem = new Semaphore(2)
  const ctx = withCancel(background())
  sem.tryAcquire()
  const large = style.go(() => tried(on(sem.acquire(2, ctx))))
  const small = style.go(function* () {
    using _ = yield* on(sem.acquire())
  })
  const canceller = style.go(function* () {
    ctx.cancel()
  })
  yield* on(small.join())
  must(!(yield* on(large.join())).ok, 'one unit was never released')
  yield* on(canceller.join())
  sem.release()
  must(sem.tryAcquire(2), 'all are free')
})

proves('a lock passed through a channel is released by who ends with it', function* (style) {
  const mu = new Mutex()
  const guards = chan<Disposable>()
  const other = style.go(function* () {
    using _ = yield* on(guards.receive())
  })
  const third = style.go(function* () {
    using _ = yield* on(mu.lock())
  })
  yield* on(guards.send(yield* on(mu.lock())))
  yield* on(other.join())
  yield* on(third.join())
  must(mu.tryLock(), 'free at the end')
})

for (const isChildFirst of [false, true]) {
  proves(
    `the end of a context passes no units to those whose context ends with it: child first: ${isChildFirst}`,
    function* (style) {
      const sem = new Semaphore(1)
      const parent = withCancel(background())
      const child = withCancel(parent)
      sem.tryAcquire()
      const waits = (isChildFirst ? [child, parent] : [parent, child]).map((ctx) =>
        style.go(() => tried(on(sem.acquire(1, ctx)))),
      )
      const releaser = style.go(function* () {
        yield* on(gosched())
        sem.release()
      })
      yield* on(gosched())
      parent.cancel()
      const given = []
      for (const wait of waits) given.push(yield* on(wait.join()))
      yield* on(releaser.join())
      must(given.filter(({ ok }) => ok).length <= 1, 'one at most')
      if (!given.some(({ ok }) => ok)) must(sem.tryAcquire(), 'free')
    },
  )
}

proves(
  'a large request and a small one behind it end with one context: nothing is handed on in between',
  function* (style) {
    const sem = new Semaphore(2)
    const parent = withCancel(background())
    const child = withCancel(parent)
    sem.tryAcquire()
    const large = style.go(() => tried(on(sem.acquire(2, parent))))
    yield* on(gosched())
    const small = style.go(() => tried(on(sem.acquire(1, child))))
    yield* on(gosched())
    yield* on(gosched())
    parent.cancel()
    must(!(yield* on(large.join())).ok && !(yield* on(small.join())).ok, 'both are ended')
  },
)

proves('a writer that is ended with the reader behind it does not let that one in', function* (style) {
  const rw = new RWMutex()
  const parent = withCancel(background())
  const child = withCancel(parent)
  const reading = yield* on(rw.rLock())
  const writer = style.go(() => tried(on(rw.lock(parent))))
  yield* on(gosched())
  const reader = style.go(() => tried(on(rw.rLock(child))))
  yield* on(gosched())
  yield* on(gosched())
  parent.cancel()
  must(!(yield* on(writer.join())).ok && !(yield* on(reader.join())).ok, 'both are ended')
  reading[Symbol.dispose]()
  must(rw.tryLock(), 'free')
})
