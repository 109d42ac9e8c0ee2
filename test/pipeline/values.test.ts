// Any value goes through any stage as it is, and any channel may be read.
import { describe, expect, test } from 'vitest'
import { after, broadcast, chan, go, never, type ReceiveChan, sleep, tick, watch } from 'warren'
import { batch, collect, fromIterable, map, or, orDone, take } from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { everyStage, movers } from '../support/stage-kinds.ts'
import { goroutinesOf, upTo } from '../support/stages.ts'
import { idle, inBothStyles, Outcome, on, receivesAll } from '../support/styles.ts'

const thenable = {
  then(resolve: (value: string) => void): void {
    resolve('adopted')
  },
}
const strange: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  -0,
  0,
  '',
  false,
  () => 1,
  Symbol('mine'),
  Promise.resolve(1),
  thenable,
  { done: true, value: 5 },
  [],
  (function* () {})(),
]

describe('values that look like something else go through as they are', () => {
  for (const kind of movers) {
    if (kind.name === 'fanOut of 3 and merge' || kind.name === 'tee and merge') continue
    test(kind.name, async () => {
      const ch = chan<unknown>(strange.length)
      await ch.sendMany(strange)
      ch.close()
      const out = kind.make(ch as ReceiveChan<number>, {}, () => {})
      const got: unknown[] = []
      for await (const value of out) got.push(...(kind.name.startsWith('batch') ? (value as unknown[]) : [value]))
      expect(got.length).toBe(strange.length)
      for (const [i, value] of strange.entries()) expect(got[i], String(value)).toBe(value)
    })

    inBothStyles(`${kind.name}, handed up by a sender`, function* (style) {
      const ch = chan<unknown>()
      const out = kind.make(ch as ReceiveChan<number>, {}, () => {})
      const reading = style.go(receivesAll, out)
      yield* on(idle())
      for (const value of strange) yield* on(ch.send(value))
      ch.close()
      const all = yield* on(reading.join())
      const got = kind.name.startsWith('batch') ? all.flatMap((values) => values as unknown[]) : all
      expect(got.length).toBe(strange.length)
      for (const [i, value] of strange.entries()) expect(got[i], String(value)).toBe(value)
    })
  }

  test('collect gives promises as they are', async () => {
    const promise = Promise.resolve(1)
    expect((await collect(fromIterable<unknown>([promise, thenable])))[0]).toBe(promise)
    expect((await collect(orDone(fromIterable<unknown>([promise, thenable]))))[1]).toBe(thenable)
  })

  test('a function may give undefined, null and the like', async () => {
    const results = [undefined, null, Number.NaN, false, '']
    let i = 0
    expect(await collect(map(fromIterable(results), () => results[i++]))).toEqual(results)
    i = 0
    expect(await collect(map(fromIterable(results), async () => results[i++]))).toEqual(results)
  })
})

describe('a closed channel gives what it had, and an empty one nothing', () => {
  for (const kind of everyStage) {
    test(kind.name, async () => {
      for (const [capacity, values] of [
        [0, []],
        [1, []],
        [6, upTo(6)],
      ] as const) {
        const ch = chan<number>(capacity)
        await ch.sendMany(values)
        ch.close()
        const all = await collect(kind.make(ch, {}, () => {}))
        const given = new Set(all.flat())
        expect(given.size, kind.name).toBe(kind.name === 'filter' ? values.length / 2 : values.length)
      }
    })
  }
})

describe('channels of every sort can be read', () => {
  for (const kind of everyStage) {
    const collectOf = (input: ReceiveChan<unknown>): Promise<unknown[]> =>
      collect(kind.make(input as ReceiveChan<number>, {}, () => {}))
    const expected = (values: readonly number[]): Set<unknown> =>
      new Set(kind.name === 'filter' ? values.filter((n) => n % 2 === 0) : values)

    test(`${kind.name} of a subscription`, async () => {
      const source = broadcast<number>({ capacity: 2, lag: 'block' })
      const [one, other] = [source.subscribe(), source.subscribe()]
      const all = [collectOf(one), collectOf(other)]
      await idle()
      for (const n of upTo(6)) await source.send(n)
      source.close()
      for (const values of await Promise.all(all)) expect(new Set(values.flat())).toEqual(expected(upTo(6)))
      expect([one.missed, other.missed]).toEqual([0, 0])
    })

    test(`${kind.name} of a watched value`, async () => {
      const level = watch(1)
      const all = collectOf(level.subscribe())
      await idle()
      level.set(2)
      await idle()
      level.set(3)
      level.close()
      expect(new Set((await all).flat())).toEqual(expected([1, 2, 3]))
    })

    test(`${kind.name} of a channel that is not ours`, async () => {
      const queue = [...upTo(6)]
      const foreign = {
        next: async () =>
          queue.length === 0 ? { value: undefined, done: true } : { value: queue.shift(), done: false },
      }
      const all = await collectOf(foreign as unknown as ReceiveChan<number>)
      expect(new Set(all.flat())).toEqual(expected(upTo(6)))
    })

    test(`${kind.name} of a stage`, async () => {
      expect(new Set((await collectOf(fromIterable(upTo(6)))).flat())).toEqual(expected(upTo(6)))
    })

    test(`${kind.name} of the nil channel waits for ever, and has nothing`, async () => {
      const out = kind.make(never, {}, () => {})
      const got = new Outcome(out.next())
      await idle()
      expect([got.state, out.tryReceive()]).toEqual(['pending', undefined])
    })
  }

  test(
    'of timers and tickers',
    bubble(async (t) => {
      const once = collect(
        take(
          map(orDone(after(100)), () => t.now()),
          1,
        ),
      )
      const often = collect(
        take(
          map(orDone(tick(30)), () => t.now()),
          4,
        ),
      )
      const byTime = collect(take(batch(tick(30), { withinMs: 75 }), 2))
      expect(await once).toEqual([100])
      expect(await often).toEqual([30, 60, 90, 120])
      expect((await byTime).map((dates) => dates.length)).toEqual([3, 3])
    }),
  )

  test(
    'or is closed with the first of many, or with its first value',
    bubble(async (t) => {
      await or(after(3000), after(20), after(1000)).receive()
      expect(t.now()).toBe(20)
      const [quiet, closes] = [chan<number>(), chan<number>()]
      const any = or(quiet, closes, never)
      go(async () => {
        await sleep(10)
        closes.close()
      })
      expect(await any.next()).toEqual({ value: undefined, done: true })
      expect([t.now(), quiet.trySend(1)]).toEqual([30, false])
      expect(await or(quiet, or(closes)).next()).toEqual({ value: undefined, done: true })
      expect(or()).toBe(never)
    }),
  )

  test('or of a channel that is closed already is closed', () => {
    const closed = chan<number>()
    closed.close()
    expect(or(never, closed).tryReceive()).toEqual({ value: undefined, ok: false })
    expect(or(never, chan()).tryReceive()).toBeUndefined()
  })
})

describe('values are moved without a goroutine', () => {
  for (const kind of [...movers, ...everyStage.filter(({ name }) => /^(?:map|filter)/.test(name))]) {
    inBothStyles(kind.name, function* (style) {
      const ch = chan<number>()
      const out: ReceiveChan<unknown>[] = []
      const made = goroutinesOf(() => out.push(kind.make(ch, {}, () => {})))
      expect(made).toBe(0)
      let most = 0
      const reader = style.go(receivesAll, out[0]!)
      yield* on(idle())
      for (const n of upTo(9)) {
        const during = goroutinesOf(() => ch.trySend(n))
        most = Math.max(most, during)
        yield* on(idle())
      }
      ch.close()
      yield* on(reader.join())
      expect(most).toBe(0)
    })
  }
})

test('the length of a stage is what is in its buffer, and its capacity what it was given', async () => {
  for (const kind of everyStage) {
    if (kind.name.startsWith('buffer')) continue
    expect(kind.make(chan<number>(), { capacity: 3 }, () => {}).capacity, kind.name).toBe(3)
  }
  const out = map(fromIterable(upTo(9)), (n) => n, { capacity: 3 })
  await idle()
  expect([out.length, out.capacity]).toEqual([3, 3])
})
