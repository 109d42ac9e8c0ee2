// What a measured stage counts, and that Little's law holds of it.
import { describe, expect, test } from 'vitest'
import { background, chan, go, type ReceiveChan, sleep, withCancel } from 'warren'
import {
  batch,
  bridge,
  buffer,
  collect,
  fanOut,
  filter,
  forEach,
  fromIterable,
  generate,
  littlesLaw,
  map,
  merge,
  orDone,
  parallelMap,
  repeatFn,
  type StageOptions,
  stats,
  take,
  tee,
} from 'warren/pipeline'
import { bubble } from 'warren/testing'
import { upTo } from '../support/stages.ts'

const measured = { measured: true } as const

const stages: Record<string, (ch: ReceiveChan<number>, options: StageOptions) => ReceiveChan<unknown>> = {
  orDone: (ch, options) => orDone(ch, undefined, options),
  buffer: (ch, options) => buffer(ch, 2, options),
  take: (ch, options) => take(ch, 10, options),
  fanOut: (ch, options) => fanOut(ch, 1, options)[0]!,
  tee: (ch, options) => tee(ch, 1, options)[0]!,
  merge: (ch, options) => merge(ch, options),
  bridge: (ch, options) => bridge(fromIterable([ch]), options),
  batch: (ch, options) => batch(ch, { ...options, size: 3 }),
  map: (ch, options) => map(ch, (n) => n, options),
  'an async map': (ch, options) => map(ch, async (n) => n, options),
  filter: (ch, options) => filter(ch, (n) => n % 3 === 0, options),
  'an async filter': (ch, options) => filter(ch, async (n) => n % 3 === 0, options),
  parallelMap: (ch, options) => parallelMap(ch, async (n) => n, { ...options, concurrency: 3 }),
  fromIterable: (_, options) => fromIterable(upTo(10), options),
  'fromIterable of an async one': (_, options) =>
    fromIterable(
      (async function* () {
        yield* upTo(10)
      })(),
      options,
    ),
  generate: (_, options) => generate<number>(async (out) => out.sendMany(upTo(10)), options),
}

describe('what comes in goes out', () => {
  for (const [name, stage] of Object.entries(stages)) {
    for (const capacity of [0, 2]) {
      test(`${name}, with capacity ${capacity}`, async () => {
        const made = stage(fromIterable(upTo(10)), { measured: true, capacity })
        expect(stats(made)).toMatchObject({ arrivals: 0, departures: 0, length: 0 })
        await collect(made)
        expect(stats(made)).toMatchObject({ arrivals: 10, departures: 10, length: 0 })
      })
    }

    test(`${name}, however it is read`, async () => {
      const made = stage(fromIterable(upTo(10)), measured)
      const [iterator] = [made[Symbol.asyncIterator]()]
      for (let i = 0; ; i++) {
        if (i % 4 === 0) await made.receiveMany(2)
        else if (i % 4 === 1) made.tryReceive()
        else if (i % 4 === 2) await made.receive()
        else if ((await iterator.next()).done === true) break
      }
      expect(stats(made)).toMatchObject({ arrivals: 10, departures: 10, length: 0 })
    })
  }

  test('repeatFn counts its calls', async () => {
    let n = 0
    const made = repeatFn(() => n++, measured)
    await collect(take(made, 5))
    expect(stats(made)).toMatchObject({ arrivals: 5, departures: 5, length: 0 })
  })
})

test('a stage that is not measured has no figures', () => {
  for (const wrong of [fromIterable([1]), chan(), null, undefined, 5, {}, { meter: null }]) {
    expect(() => stats(wrong as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  }
})

test(
  'before anything has happened all figures are zero',
  bubble(async () => {
    const queue = buffer(chan<number>(), 3, measured)
    const zero = { arrivals: 0, departures: 0, length: 0, meanLength: 0, meanWaitMs: 0, arrivalRate: 0 }
    expect(stats(queue)).toEqual({ ...zero, elapsedMs: 0 })
    await sleep(10)
    expect(stats(queue)).toEqual({ ...zero, elapsedMs: 10 })
  }),
)

test(
  'lengths are means over time, and waits means over values',
  bubble(async (t) => {
    const ch = chan<number>()
    const queue = buffer(ch, 10, measured)
    await t.wait()
    await ch.send(1)
    await sleep(100)
    await ch.send(2)
    await t.wait()
    expect(queue.length).toBe(2)
    await sleep(100)
    expect(await queue.receiveMany()).toEqual([1, 2])
    await sleep(100)
    expect(stats(queue)).toEqual({
      arrivals: 2,
      departures: 2,
      length: 0,
      meanLength: (1 * 100 + 2 * 100 + 0) / 300,
      meanWaitMs: (200 + 100) / 2,
      arrivalRate: 2 / 0.3,
      elapsedMs: 300,
    })
  }),
)

for (const [name, concurrency, everyMs, latencyMs, inSystem] of [
  ['one after the other', 1, 100, 50, 0.5],
  ['five at a time', 5, 20, 100, 5],
  ['more than there are', 50, 20, 100, 5],
] as const) {
  test(
    `Little's law holds of the counters of calls, ${name}`,
    bubble(async () => {
      const ch = chan<number>()
      go(async () => {
        for (let i = 0; i < 300; i++) {
          await ch.send(i)
          await sleep(everyMs)
        }
        ch.close()
      })
      const calls = parallelMap(
        ch,
        async (n) => {
          await sleep(latencyMs)
          return n
        },
        { concurrency, measured: true },
      )
      await forEach(calls, () => {})
      const seen = stats(calls)
      expect(seen.arrivals).toBe(300)
      expect(seen.meanWaitMs).toBeCloseTo(latencyMs, 6)
      expect(seen.arrivalRate).toBeCloseTo(1000 / everyMs, -0.3)
      expect(seen.meanLength / inSystem).toBeCloseTo(1, 1)
      const law = littlesLaw({ arrivalRate: seen.arrivalRate, latencyMs: seen.meanWaitMs })
      expect(seen.meanLength).toBeCloseTo(law.length, 6)
    }),
  )
}

test(
  'of a queue before a slow reader it holds too',
  bubble(async (t) => {
    const ch = chan<number>()
    const queue = buffer(ch, 8, measured)
    const sender = go(async () => {
      for (let i = 0; i < 100; i++) await ch.send(i)
      ch.close()
    })
    for await (const _ of queue) await sleep(10)
    await sender.join()
    const { arrivals, departures, length, arrivalRate, meanWaitMs, meanLength, elapsedMs } = stats(queue)
    expect({ arrivals, departures, length }).toEqual({ arrivals: 100, departures: 100, length: 0 })
    expect(meanLength).toBeCloseTo((arrivalRate * meanWaitMs) / 1000, 6)
    expect(elapsedMs).toBe(t.now())
    expect(meanLength).toBeGreaterThan(6)
  }),
)

test('what a stage held when it was ended has left it', async () => {
  const ctx = withCancel(background())
  const queue = buffer(fromIterable(upTo(10)), 3, { ctx, measured: true })
  expect(await queue.receive()).toBe(1)
  ctx.cancel()
  expect(await queue.next()).toEqual({ value: undefined, done: true })
  expect(stats(queue).length).toBe(0)
})

test('and so have the calls that an error has ended', async () => {
  const calls = parallelMap(fromIterable(upTo(10)), (n) => (n === 3 ? Promise.reject(new Error('three')) : stuck(n)), {
    concurrency: 4,
    measured: true,
  })
  const stuck = (n: number): Promise<number> => (n === 1 ? Promise.resolve(1) : new Promise(() => {}))
  await expect(collect(calls)).rejects.toThrow('three')
  const plain = map(fromIterable(upTo(10)), () => JSON.parse('no'), measured)
  await expect(collect(plain)).rejects.toThrow(SyntaxError)
  expect([stats(calls).length, stats(plain).length]).toEqual([0, 0])
})
