// Invariant 6 of the semantics for the mixes that test/chan/starvation.test.ts does not have: whatever keeps the thread
// busy, a timer of the host fires before the loop has made millions of steps.
import { expect, test } from 'vitest'
import { background, chan, go, gosched, wait, withCancel } from 'warren'

const enough = 3_000_000

/** Runs `loop`, which asks at each step whether to go on, and expects that a host timer got in. */
function firesUnder(title: string, loop: (goOn: () => boolean) => PromiseLike<unknown>): void {
  test(`a host timer fires under ${title}`, async () => {
    let fired = false
    let steps = 0
    setTimeout(() => {
      fired = true
    }, 5)
    await loop(() => !fired && ++steps < enough)
    expect(fired).toBe(true)
  })
}

const closed = chan<number>()
closed.close()
const ended = withCancel(background())
ended.cancel()

firesUnder('a generator that waits for resolved promises', (goOn) =>
  go(function* () {
    while (goOn()) yield* wait(Promise.resolve(1))
  }).join(),
)

firesUnder('an async goroutine that waits for resolved promises', (goOn) =>
  go(async () => {
    while (goOn()) await wait(Promise.resolve(1))
  }).join(),
)

firesUnder('a generator that joins async goroutines', (goOn) =>
  go(function* () {
    while (goOn()) yield* go(async () => 1).join()
  }).join(),
)

firesUnder('async goroutines that start each other', (goOn) => {
  const done = chan<void>(1)
  async function next(): Promise<void> {
    await null
    if (goOn()) go(next)
    else done.trySend(undefined)
  }
  go(next)
  return done.receive()
})

firesUnder('an async goroutine whose sends fail', (goOn) =>
  go(async () => {
    while (goOn()) await closed.send(1).catch(() => undefined)
  }).join(),
)

firesUnder('a generator whose sends fail', (goOn) =>
  go(function* () {
    while (goOn()) {
      try {
        yield* closed.send(1)
      } catch {}
    }
  }).join(),
)

firesUnder('receives under an ended context', (goOn) =>
  go(async () => {
    const ch = chan()
    while (goOn()) await ch.receive(ended).catch(() => undefined)
  }).join(),
)

firesUnder('two operations a step, of which one is awaited', (goOn) =>
  go(async () => {
    const [a, b] = [0, 1].map(() => chan<number>({ capacity: 1, overflow: 'drop-newest' }))
    while (goOn()) {
      void a!.send(1)
      await b!.send(1)
    }
  }).join(),
)

firesUnder('an endless iterable that is sent into a channel that drops', (goOn) =>
  go(async () => {
    const ch = chan<number>({ capacity: 1, overflow: 'drop-oldest' })
    await ch.sendMany(
      (function* () {
        while (goOn()) yield 1
      })(),
    )
  }).join(),
)

firesUnder('a crowd of async goroutines', async (goOn) => {
  const crowd = Array.from({ length: 2000 }, () =>
    go(async () => {
      while (goOn()) await closed.next()
    }),
  )
  for (const goroutine of crowd) await goroutine.join()
})

test('goroutines of one style get their turn beside a crowd of the other', async () => {
  let isOver = false
  const crowd = Array.from({ length: 2000 }, () =>
    go(async () => {
      while (!isOver) await closed.next()
    }),
  )
  await go(function* () {
    for (let i = 0; i < 1000; i++) yield* gosched()
    isOver = true
  }).join()
  for (const goroutine of crowd) await goroutine.join()
})

test('an error in a drain stops nobody', async () => {
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const failing = go(() => {
    throw revoked.proxy
  })
  await expect(failing.join().then(null, () => 'failed')).resolves.toBe('failed')
  const getter = go(() => ({
    get then() {
      throw new Error('unreadable')
    },
  }))
  await expect(getter.join()).rejects.toThrow('unreadable')
  expect(await go(() => 1).join()).toBe(1)
})

test('a body that catches its misuse again and again is no deep recursion', async () => {
  const goroutine = go(function* () {
    let caught = 0
    while (caught < 30_000) {
      try {
        yield 1 as never
      } catch {
        caught++
      }
    }
    return caught
  })
  expect(await goroutine.join()).toBe(30_000)
})
