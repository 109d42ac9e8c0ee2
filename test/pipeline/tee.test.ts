// tee: all of one input to each of several outputs.
import { expect, test } from 'vitest'
import { chan, type ReceiveChan } from 'warren'
import { collect, fromIterable, merge, tee } from 'warren/pipeline'
import { TrackedSource, upTo } from '../support/stages.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

for (const capacity of [0, 1, 2, 3, 10]) {
  for (const n of [1, 2, 3]) {
    test(`each of ${n} outputs has all values in order, with capacity ${capacity}`, async () => {
      const outputs = tee(fromIterable(upTo(20)), n, { capacity })
      await idle()
      expect(await Promise.all(outputs.map((output) => collect(output)))).toEqual(outputs.map(() => upTo(20)))
    })

    test(`the ${n} outputs merged again have each value once of each, with capacity ${capacity}`, async () => {
      const got = await collect(merge(...tee(fromIterable(upTo(20)), n, { capacity }), { capacity }))
      const expected = upTo(20).flatMap((value) => new Array<number>(n).fill(value))
      expect([...got].sort((a, b) => a - b)).toEqual(expected)
    })
  }
}

for (const n of [2, 3, 4]) {
  test(`the values of each of ${n} outputs stay in order where they meet again`, async () => {
    const marked = tee(fromIterable(upTo(30)), n).map((output, i) => mapped(output, i))
    const got = await collect(merge(...marked, { capacity: 10 }))
    for (let i = 0; i < n; i++) {
      expect(got.filter(([mark]) => mark === i).map(([, value]) => value)).toEqual(upTo(30))
    }
  })
}

/** A channel of another's values with a mark, filled by its own goroutine. */
function mapped(input: ReceiveChan<number>, mark: number): ReceiveChan<readonly [number, number]> {
  return {
    __proto__: null,
    async next() {
      const got = await input.next()
      return got.done === true ? got : { value: [mark, got.value] as const, done: false as const }
    },
  } as unknown as ReceiveChan<readonly [number, number]>
}

inBothStyles('the next value is read when all have taken the last one', function* (style) {
  const source = new TrackedSource(upTo(5))
  const [a, b] = tee(fromIterable(source))
  const ahead = waiting(style, () => a.receive())
  yield* on(idle())
  expect([ahead.value, source.read]).toEqual([1, 1])
  const waits = waiting(style, () => a.receive())
  yield* on(idle())
  expect([waits.state, source.read]).toEqual(['pending', 1])
  expect(yield* on(b.receive())).toBe(1)
  yield* on(idle())
  expect([waits.value, source.read]).toEqual([2, 2])
})

test('capacity lets one be ahead by that many', async () => {
  const source = new TrackedSource(upTo(9))
  const [a, b] = tee(fromIterable(source), 2, { capacity: 3 })
  const got: number[] = []
  const reading = (async () => {
    for await (const value of a) got.push(value)
  })()
  await idle()
  // Three in b's buffer, and one that waits for a place in it.
  expect([got, b.length]).toEqual([upTo(4), 3])
  expect(await collect(b)).toEqual(upTo(9))
  await reading
  expect(got).toEqual(upTo(9))
})

inBothStyles('an output whose reader goes away does not count any more', function* (style) {
  const source = new TrackedSource(upTo(4))
  const [a, b] = tee(fromIterable(source))
  const left = style.go(function* () {
    const iterator = b[Symbol.asyncIterator]()
    yield* on(b.next())
    void iterator.return?.()
  })
  expect(yield* on(a.receive())).toBe(1)
  yield* on(left.join())
  const rest = waiting(style, () => collect(a))
  yield* on(idle())
  expect([rest.value, source.returned]).toEqual([[2, 3, 4], 0])
})

test('the input is left when the last output has been left', async () => {
  const source = new TrackedSource(upTo(9))
  const outputs = tee(fromIterable(source), 3)
  for (const output of outputs) {
    expect(source.returned).toBe(0)
    void output[Symbol.asyncIterator]().return?.()
    await idle()
  }
  expect(source).toMatchObject({ read: 0, returned: 1 })
})

test('who leaves owes its value to nobody: the others go on', async () => {
  const [a, b] = tee(fromIterable(upTo(3)))
  expect(await a.receive()).toBe(1)
  const second = a.receive()
  void b[Symbol.asyncIterator]().return?.()
  expect(await second).toBe(2)
  expect(await collect(a)).toEqual([3])
})

test('the error of the input reaches every output behind what came before', async () => {
  const error = new Error('no more')
  const outputs = tee(
    fromIterable(
      (function* () {
        yield 1
        throw error
      })(),
    ),
    3,
  )
  const firsts = await Promise.all(outputs.map((output) => output.receive()))
  expect(firsts).toEqual([1, 1, 1])
  const ends = await Promise.allSettled(outputs.map((output) => collect(output)))
  expect(ends.map((end) => end.status === 'rejected' && end.reason === error)).toEqual([true, true, true])
})

inBothStyles('a closed channel gives closed outputs, after all that it had', function* () {
  const ch = chan<number>(2)
  yield* on(ch.sendMany([1, 2]))
  ch.close()
  const [a, b] = tee(ch)
  expect(a.tryReceive()).toEqual({ value: 1, ok: true })
  expect(a.tryReceive()).toBeUndefined()
  expect(b.tryReceive()).toEqual({ value: 1, ok: true })
  expect(b.tryReceive()).toEqual({ value: 2, ok: true })
  expect(b.tryReceive()).toEqual(undefined)
  expect(a.tryReceive()).toEqual({ value: 2, ok: true })
  expect([a.tryReceive(), b.tryReceive()]).toEqual([
    { value: undefined, ok: false },
    { value: undefined, ok: false },
  ])
})
