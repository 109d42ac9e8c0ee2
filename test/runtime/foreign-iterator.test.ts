import { expect, test } from 'vitest'
import { chan, go, gosched, KilledError, type Operation } from 'warren'

/** An iterable around an operation whose iterator has `next` and nothing else: it cannot hand on a kill. */
function onlyNext<T>(operation: Operation<T>): Iterable<never> & { [Symbol.iterator](): Iterator<never, T, unknown> } {
  return {
    [Symbol.iterator]() {
      const iterator = operation[Symbol.iterator]()
      return { next: () => iterator.next() as IteratorResult<never, T> }
    },
  }
}

test('a kill through a foreign iterator ends a body that catches everything', async () => {
  const ch = chan<number>()
  const goroutine = go(function* () {
    for (;;) {
      try {
        yield* onlyNext(ch.receive())
      } catch {}
    }
  })
  await gosched()
  goroutine.kill()
  await expect(goroutine.join()).rejects.toBeInstanceOf(KilledError)
})

test('a kill through a foreign iterator ends a body that catches nothing', async () => {
  const ch = chan<number>()
  const goroutine = go(function* () {
    yield* onlyNext(ch.receive())
  })
  await gosched()
  goroutine.kill()
  await expect(goroutine.join()).rejects.toBeInstanceOf(KilledError)
})
