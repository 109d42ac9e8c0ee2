// take: the first values, and then the end of what it reads from.
import { expect, test } from 'vitest'
import { chan, type ReceiveChan } from 'warren'
import { collect, fromIterable, repeat, take } from 'warren/pipeline'
import { TrackedSource } from '../support/stages.ts'
import { idle, inBothStyles, Outcome, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

test('take gives the first values, and all when there are fewer', async () => {
  for (const [n, expected] of [
    [0, []],
    [1, [1]],
    [3, [1, 2, 3]],
    [9, [1, 2, 3]],
  ] as const) {
    expect(await collect(take(fromIterable([1, 2, 3]), n)), `${n}`).toEqual(expected)
  }
})

inBothStyles('who waits when the last value comes gets it, and who waits behind gets the end', function* (style) {
  const ch = chan<number>()
  const taken = take(ch, 1)
  const [first, second] = [waiting(style, () => taken.next()), waiting(style, () => taken.next())]
  yield* on(idle())
  yield* on(ch.send(7))
  yield* on(idle())
  expect([first.value, second.value]).toEqual([
    { value: 7, done: false },
    { value: undefined, done: true },
  ])
})

inBothStyles('take leaves an ordinary channel open, and what is behind in it', function* (style) {
  const ch = chan<number>(5)
  yield* on(ch.sendMany([1, 2, 3]))
  const all = waiting(style, () => collect(take(ch, 2)))
  yield* on(idle())
  expect(all.value).toEqual([1, 2])
  expect(ch.tryReceive()).toEqual({ value: 3, ok: true })
  expect(ch.trySend(4)).toBe(true)
})

test('take ends the stage that it reads from, with the last value and not when it is asked for one more', async () => {
  const source = new TrackedSource([1, 2, 3])
  const taken = take(fromIterable(source), 2)
  await taken.receive()
  expect(source).toMatchObject({ read: 1, returned: 0 })
  await taken.receive()
  await idle()
  expect(source).toMatchObject({ read: 2, returned: 1 })
})

test('take of nothing reads nothing, and ends the stage when it is asked', async () => {
  const source = new TrackedSource([1, 2, 3])
  const taken = take(fromIterable(source), 0)
  expect(await taken.next()).toEqual({ value: undefined, done: true })
  await idle()
  expect(source).toMatchObject({ read: 0, returned: 1 })
})

test('of two takes on one stage, the one that is done leaves it to the other', async () => {
  const source = new TrackedSource([1, 2, 3, 4])
  const numbers = fromIterable(source)
  const [one, two]: ReceiveChan<number>[] = [take(numbers, 1), take(numbers, 2)]
  expect(await one!.receive()).toBe(1)
  await idle()
  expect(source.returned).toBe(0)
  expect(await collect(two!)).toEqual([2, 3])
  await idle()
  expect(source).toMatchObject({ read: 3, returned: 1 })
})

test('take reads nothing ahead of its reader, and a buffered one no more than it takes', async () => {
  const lazy = new TrackedSource([1, 2, 3, 4, 5])
  take(fromIterable(lazy), 3)
  const eager = new TrackedSource([1, 2, 3, 4, 5])
  const taken = take(fromIterable(eager), 3, { capacity: 10 })
  await idle()
  expect([lazy.read, eager.read, eager.returned, taken.length]).toEqual([0, 3, 1, 3])
  expect(await collect(taken)).toEqual([1, 2, 3])
})

test('take ends what has no end by itself', async () => {
  expect(await collect(take(repeat('a', 'b'), 5))).toEqual(['a', 'b', 'a', 'b', 'a'])
  const endless = repeat(1)
  const done = new Outcome(collect(take(endless, 3)))
  await idle()
  expect(done.value).toEqual([1, 1, 1])
  expect(await endless.next()).toEqual({ value: undefined, done: true })
})
