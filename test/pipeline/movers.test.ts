// orDone, buffer, fanOut, merge, bridge: what only moves values.
import { describe, expect, test } from 'vitest'
import { background, type Chan, chan, type ReceiveChan, withCancel } from 'warren'
import { bridge, buffer, collect, fanOut, fromIterable, map, merge, orDone, repeat, take } from 'warren/pipeline'
import { expectNoWaiters } from '../support/kinds.ts'
import { TrackedSource, upTo } from '../support/stages.ts'
import { idle, inBothStyles, inEveryPair, on, receivesAll } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

describe('orDone', () => {
  inEveryPair('gives all values of its channel', function* (one, other) {
    const ch = chan<number>()
    const sender = one.go(function* () {
      for (const n of upTo(9)) yield* on(ch.send(n))
      ch.close()
    })
    expect(yield* on(other.go(receivesAll, orDone(ch, withCancel(background()))).join())).toEqual(upTo(9))
    yield* on(sender.join())
  })

  inBothStyles('ends when its context does, and leaves the channel as it is', function* (style) {
    const ctx = withCancel(background())
    const ch = chan<number>()
    const reading = style.go(receivesAll, orDone(ch, ctx))
    yield* on(idle())
    yield* on(ch.send(1))
    yield* on(idle())
    ctx.cancel()
    expect(yield* on(reading.join())).toEqual([1])
    expect(ch.trySend(2)).toBe(false)
    expectNoWaiters(ch)
  })

  test('is collected to its end as whole', async () => {
    const ctx = withCancel(background())
    const ch = chan<number>(2)
    await ch.sendMany([1, 2])
    const all = collect(orDone(ch, ctx))
    await idle()
    ctx.cancel()
    expect(await all).toEqual([1, 2])
    expect(await collect(orDone(ch, ctx))).toEqual([])
    expect(await collect(map(orDone(ch, ctx), (n) => n))).toEqual([])
  })
})

describe('buffer', () => {
  inBothStyles('takes so many from its senders before anybody reads, and one sender more waits', function* (style) {
    const ch = chan<number>()
    const queue = buffer(ch, 3)
    let sent = 0
    const sender = style.go(function* () {
      for (const n of upTo(6)) {
        yield* on(ch.send(n))
        sent++
      }
      ch.close()
    })
    yield* on(idle())
    expect([sent, queue.length]).toEqual([3, 3])
    expect(yield* on(queue.receive())).toBe(1)
    yield* on(idle())
    expect([sent, queue.length]).toEqual([4, 3])
    expect(yield* on(style.go(receivesAll, queue).join())).toEqual([2, 3, 4, 5, 6])
    yield* on(sender.join())
  })

  test('of zero holds nothing', async () => {
    const ch = chan<number>()
    const queue = buffer(ch, 0)
    await idle()
    expect([ch.trySend(1), queue.length, queue.capacity]).toEqual([false, 0, 0])
  })

  test('one after the other hold the sum', async () => {
    const source = new TrackedSource(upTo(99))
    const queue = buffer(buffer(fromIterable(source), 3), 4)
    await idle()
    expect([source.read, queue.length]).toEqual([7, 4])
    expect(await queue.receiveMany(7)).toEqual(upTo(7))
  })

  test('may be as long as the input', async () => {
    expect(await collect(buffer(fromIterable(upTo(2000)), 100_000))).toEqual(upTo(2000))
  })

  test('what it holds is dropped when its context ends, and given when its input does', async () => {
    const ctx = withCancel(background())
    const [dropped, given] = [chan<number>(3), chan<number>(3)]
    for (const ch of [dropped, given]) await ch.sendMany([1, 2, 3])
    const [one, other] = [buffer(dropped, 2, ctx), buffer(given, 2)]
    await idle()
    ctx.cancel()
    given.close()
    expect(await one.next()).toEqual({ value: undefined, done: true })
    expect(await collect(other)).toEqual([1, 2, 3])
    expect(dropped.length).toBe(1)
  })
})

describe('fanOut', () => {
  inBothStyles('gives each value to whichever asks first', function* (style) {
    const ch = chan<number>()
    const parts = fanOut(ch, 3)
    const waits = [2, 0, 1].map((i) => waiting(style, () => parts[i]!.receive()))
    yield* on(idle())
    for (const n of [1, 2, 3]) yield* on(ch.send(n))
    yield* on(idle())
    expect(waits.map(({ value }) => value)).toEqual([1, 2, 3])
  })

  test('each value comes once, and none is kept from those that ask', async () => {
    const parts = fanOut(fromIterable(upTo(100)), 4)
    const [idleOne, ...others] = parts
    const all = await Promise.all(others.map((part) => collect(part)))
    expect(all.flat().sort((a, b) => a - b)).toEqual(upTo(100))
    expect(await collect(idleOne!)).toEqual([])
  })

  test('the stage that is read ends when the last part has left', async () => {
    const source = new TrackedSource(upTo(9))
    const parts = fanOut(fromIterable(source), 3)
    for (const part of parts) {
      expect(source.returned).toBe(0)
      expect(await take(part, 1).receive()).toBeTypeOf('number')
      await idle()
    }
    expect(source).toMatchObject({ read: 3, returned: 1 })
  })
})

describe('merge', () => {
  test('gives all values of all, each in its order', async () => {
    const merged = await collect(merge(fromIterable([1, 3, 5]), fromIterable([2, 4, 6, 8]), fromIterable([])))
    expect(merged.filter((n) => n % 2 === 1)).toEqual([1, 3, 5])
    expect(merged.filter((n) => n % 2 === 0)).toEqual([2, 4, 6, 8])
  })

  test('of nothing is closed, and of one is that', async () => {
    expect(await collect(merge())).toEqual([])
    expect(await collect(merge(withCancel(background())))).toEqual([])
    expect(await collect(merge(fromIterable([1, 2])))).toEqual([1, 2])
  })

  test('those that always have something take turns', async () => {
    expect(await collect(take(merge(repeat(1), repeat(2), repeat(3)), 7))).toEqual([1, 2, 3, 1, 2, 3, 1])
  })

  inBothStyles('goes on with those that are open', function* (style) {
    const [a, b] = [chan<number>(), chan<number>()]
    const all = style.go(receivesAll, merge(a, b))
    yield* on(idle())
    a.close()
    yield* on(b.send(1))
    yield* on(idle())
    yield* on(b.send(2))
    b.close()
    expect(yield* on(all.join())).toEqual([1, 2])
  })

  test('the same channel may be merged with itself', async () => {
    const ch = chan<number>(9)
    await ch.sendMany(upTo(9))
    ch.close()
    expect(await collect(merge(ch, ch, ch))).toEqual(upTo(9))
    const stage = fromIterable(upTo(9))
    expect(await collect(merge(stage, stage))).toEqual(upTo(9))
  })

  test('a thousand inputs of which one has something', async () => {
    const inputs = Array.from({ length: 1000 }, () => chan<number>())
    const merged = merge<number>(...inputs)
    const first = merged.receive()
    expect(inputs[777]!.trySend(777)).toBe(true)
    expect(await first).toBe(777)
    for (const input of inputs) input.close()
    expect(await collect(merged)).toEqual([])
  })
})

describe('bridge', () => {
  test('gives the values of one channel after the other', async () => {
    const channels = fromIterable([fromIterable([1, 2]), fromIterable([]), fromIterable([3])])
    expect(await collect(bridge(channels))).toEqual([1, 2, 3])
    expect(await collect(bridge(fromIterable([])))).toEqual([])
  })

  inBothStyles('waits for channels, and for their values', function* (style) {
    const channels = chan<ReceiveChan<number>>()
    const inner: Chan<number>[] = [chan(), chan()]
    const all = style.go(receivesAll, bridge(channels))
    yield* on(idle())
    for (const ch of inner) {
      yield* on(channels.send(ch))
      yield* on(idle())
      yield* on(ch.send(1))
      ch.close()
      yield* on(idle())
    }
    channels.close()
    expect(yield* on(all.join())).toEqual([1, 1])
  })

  test('takes the next channel when it needs it, and not before', async () => {
    const source = new TrackedSource([fromIterable([1, 2]), fromIterable([3])])
    const bridged = bridge(fromIterable(source))
    expect(source.read).toBe(0)
    expect([await bridged.receive(), await bridged.receive(), source.read]).toEqual([1, 2, 1])
    expect([await bridged.receive(), source.read]).toEqual([3, 2])
  })

  test('an inner stage that is left ends', async () => {
    const source = new TrackedSource(upTo(9))
    for await (const n of bridge(fromIterable([fromIterable(source)]))) if (n === 2) break
    await idle()
    expect(source.returned).toBe(1)
  })

  test('bridges of bridges', async () => {
    const inner = (n: number): ReceiveChan<number> => bridge(fromIterable([fromIterable([n]), fromIterable([n + 1])]))
    expect(await collect(bridge(fromIterable([inner(1), inner(3)])))).toEqual([1, 2, 3, 4])
  })
})
