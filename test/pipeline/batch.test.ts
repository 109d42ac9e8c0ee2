// batch: values in groups, by number or by time.
import { describe, expect, test } from 'vitest'
import { chan, sleep, withCancel } from 'warren'
import { batch, collect, fromIterable, map } from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../support/bubbles.ts'
import { TrackedSource, upTo } from '../support/stages.ts'
import { idle, on } from '../support/styles.ts'
import { watchTimers } from '../support/timers.ts'
import { waiting } from '../support/waiting.ts'

describe('by number', () => {
  for (const [size, expected] of [
    [1, [[1], [2], [3], [4], [5]]],
    [2, [[1, 2], [3, 4], [5]]],
    [5, [[1, 2, 3, 4, 5]]],
    [9, [[1, 2, 3, 4, 5]]],
    [Number.POSITIVE_INFINITY, [[1, 2, 3, 4, 5]]],
  ] as const) {
    test(`batches of ${size}, the last one smaller`, async () => {
      expect(await collect(batch(fromIterable(upTo(5)), { size, withinMs: 10 }))).toEqual(expected)
      if (size < 100) expect(await collect(batch(fromIterable(upTo(5)), { size }))).toEqual(expected)
    })
  }

  test('nothing makes no batch', async () => {
    expect(await collect(batch(fromIterable([]), { size: 2 }))).toEqual([])
    expect(await collect(batch(fromIterable([]), { withinMs: 2 }))).toEqual([])
  })

  test('size and withinMs may be the same number', async () => {
    expect(await collect(batch(fromIterable(upTo(7)), { size: 5, withinMs: 5 }))).toEqual([
      [1, 2, 3, 4, 5],
      [6, 7],
    ])
  })

  test('while one batch is read the next is collected, and no more', async () => {
    const source = new TrackedSource(upTo(20))
    const batches = batch(fromIterable(source), { size: 3 })
    await idle()
    expect(source.read).toBe(0)
    expect(await batches.receive()).toEqual([1, 2, 3])
    await idle()
    expect(source.read).toBe(6)
    expect(await batches.receive()).toEqual([4, 5, 6])
    await idle()
    expect(source.read).toBe(9)
  })

  test('what failed comes behind the batch that had begun', async () => {
    const error = new Error('third')
    const numbers = map(fromIterable([1, 2, 3]), (n) => {
      if (n === 3) throw error
      return n
    })
    const batches = batch(numbers, { size: 5 })
    expect(await batches.receive()).toEqual([1, 2])
    await expect(batches.receive()).rejects.toBe(error)
    await expect(batches.next()).rejects.toBe(error)
  })
})

describe('by time', () => {
  inBubbles('a batch is complete so long after its first value, not after it was asked for', function* (t, style) {
    const ch = chan<number>(10)
    const batches = batch(ch, { withinMs: 100 })
    const first = waiting(style, () => batches.receive())
    yield* pass(t, 500)
    yield* on(ch.send(1))
    yield* pass(t, 60)
    yield* on(ch.send(2))
    yield* pass(t, 39)
    expect(first.state).toBe('pending')
    yield* pass(t, 1)
    expect([first.value, t.now()]).toEqual([[1, 2], 600])
  })

  inBubbles('a full one does not wait for the time', function* (t, style) {
    const ch = chan<number>(10)
    const batches = batch(ch, { size: 2, withinMs: 100 })
    const first = waiting(style, () => batches.receive())
    yield* on(ch.sendMany([1, 2, 3]))
    yield* on(t.wait())
    expect([first.value, t.now()]).toEqual([[1, 2], 0])
    // The next began at once: it is due a hundred milliseconds from then.
    const second = waiting(style, () => batches.receive())
    yield* pass(t, 99)
    expect(second.state).toBe('pending')
    yield* pass(t, 1)
    expect(second.value).toEqual([3])
  })

  inBubbles('one that is due before somebody asks is there at once, and nothing is added to it', function* (t) {
    const ch = chan<number>()
    const batches = batch(ch, { withinMs: 100 })
    expect(batches.tryReceive()).toBeUndefined()
    yield* on(ch.send(1))
    yield* pass(t, 200)
    expect(ch.trySend(2)).toBe(false)
    expect(batches.tryReceive()).toEqual({ value: [1], ok: true })
  })

  inBubbles('the end of the input completes it', function* (t, style) {
    const ch = chan<number>()
    const all = waiting(style, () => collect(batch(ch, { withinMs: 1000 })))
    yield* on(t.wait())
    yield* on(ch.send(1))
    ch.close()
    yield* on(t.wait())
    expect([all.value, t.now()]).toEqual([[[1]], 0])
  })

  inBubbles('within no time it is what is there at once', function* (t, style) {
    const ch = chan<number>(10)
    const batches = batch(ch, { withinMs: 0 })
    yield* on(ch.sendMany([1, 2, 3]))
    const first = waiting(style, () => batches.receive())
    yield* on(t.wait())
    yield* pass(t, 0)
    expect([first.value, t.now()]).toEqual([[1, 2, 3], 0])
  })
})

test(
  'the timer runs exactly while a batch is begun, and neither full nor due',
  bubble(async (t) => {
    const timers = watchTimers()
    const ch = chan<number>(10)
    const ctx = withCancel(t.ctx)
    const batches = batch(ch, { size: 2, withinMs: 100, ctx })
    const first = batches.receive()
    await t.wait()
    expect(timers.pending).toBe(0)
    await ch.send(1)
    await t.wait()
    expect(timers.pending).toBe(1)
    await ch.sendMany([2, 3, 4])
    expect(await first).toEqual([1, 2])
    await t.wait()
    // The second is full, and nobody has asked for it.
    expect(timers.pending).toBe(0)
    expect(await batches.receive()).toEqual([3, 4])
    await ch.send(5)
    await t.wait()
    expect(timers.pending).toBe(1)
    await sleep(200)
    expect(timers.pending).toBe(0)
    expect(await batches.receive()).toEqual([5])
    await ch.send(6)
    await t.wait()
    expect(timers.pending).toBe(1)
    ctx.cancel()
    expect(timers.pending).toBe(0)
    expect(await batches.next()).toEqual({ value: undefined, done: true })
  }),
)

test(
  'one that its own input has ended starts no timer',
  bubble(async (t) => {
    const timers = watchTimers()
    const ctx = withCancel(t.ctx)
    const numbers = map(fromIterable(upTo(3)), (n) => {
      if (n === 1) ctx.cancel()
      return n
    })
    const other = numbers[Symbol.asyncIterator]()
    const batches = batch(numbers, { withinMs: 100, ctx })
    expect(await batches.next()).toEqual({ value: undefined, done: true })
    expect(timers.pending).toBe(0)
    expect(await other.next()).toEqual({ value: 2, done: false })
  }),
)
