import { describe, expect, test } from 'vitest'
import {
  after,
  background,
  type Context,
  chan,
  gosched,
  never,
  select,
  sleep,
  tick,
  withCancel,
  withTimeout,
} from 'warren'
import { goroutines } from 'warren/debug'
import { collect, map } from 'warren/pipeline'
import { type Heartbeat, type HeartbeatWorker, heartbeat } from 'warren/resilience'
import { bubble, checkLeaks } from 'warren/testing'
import { inBubbles } from '../support/bubbles.ts'
import { failure, written } from '../support/functions.ts'
import { type Body, on, receivesAll } from '../support/styles.ts'

describe('a heartbeat by interval', () => {
  // Concurrency in Go, chapter 5: fig-interval-heartbeat
  inBubbles('pulses while its worker waits for work and for readers', function* (t, style) {
    using ctx = withTimeout(background(), 10_500)
    const { pulse, results } = heartbeat<number>(
      written(style, function* (worker: HeartbeatWorker<number>, ctx: Context) {
        const work = tick(2000)
        for (let i = 1; ; i++) {
          yield* on(worker.wait(work.receive(ctx)))
          yield* on(worker.send(i))
        }
      }),
      { intervalMs: 1000 },
      ctx,
    )
    const seen: string[] = []
    for (;;) {
      const picked = yield* on(select({ pulse, results, silent: after(1500) }))
      if (!picked.ok) break
      const what =
        picked.case === 'pulse'
          ? `pulse ${picked.value.n}`
          : picked.case === 'results'
            ? `result ${picked.value}`
            : 'silent'
      seen.push(`${what} at ${t.now()}`)
    }
    expect(seen.sort(byTime)).toEqual(
      [1, 2, 3, 4, 5].flatMap((i) => [
        `pulse ${2 * i - 1} at ${i * 2000 - 1000}`,
        `pulse ${2 * i} at ${i * 2000}`,
        `result ${i} at ${i * 2000}`,
      ]),
    )
  })

  // Concurrency in Go, chapter 5: fig-interval-heartbeat-misbehaving-goroutine
  inBubbles(
    'falls silent when its worker hangs where it should not, after at most one more pulse',
    function* (t, style) {
      using heart = heartbeat(
        written(style, function* (worker: HeartbeatWorker<never>, ctx: Context) {
          yield* on(worker.wait(sleep(2500, ctx)))
          yield* on(never.receive(ctx))
        }),
        { intervalMs: 1000 },
      )
      const seen: string[] = []
      for (;;) {
        const picked = yield* on(select({ pulse: heart.pulse, silent: after(2000) }))
        seen.push(`${picked.case} at ${t.now()}`)
        if (picked.case === 'silent') break
      }
      expect(seen).toEqual(['pulse at 1000', 'pulse at 2000', 'pulse at 3000', 'silent at 5000'])
    },
  )

  inBubbles('is silent from the start when its worker shows no life', function* (_t, style) {
    using heart = heartbeat(
      written(style, function* (_worker: HeartbeatWorker<never>, ctx: Context) {
        yield* on(sleep(10_000, ctx))
      }),
      { intervalMs: 10 },
    )
    const picked = yield* on(select({ pulse: heart.pulse, silent: after(5000) }))
    expect(picked.case).toBe('silent')
  })

  inBubbles('pulses once an interval for a worker that says it is alive, however often it does', function* (t, style) {
    const heart = heartbeat(
      written(style, function* (worker: HeartbeatWorker<never>) {
        for (let i = 0; i < 30; i++) {
          worker.beat()
          yield* on(sleep(3))
        }
      }),
      { intervalMs: 10 },
    )
    const times: number[] = []
    for (;;) {
      const next = yield* on(heart.pulse.next())
      if (next.done === true) break
      times.push(t.now())
      expect(next.value.at.getTime() - Date.UTC(2000, 0, 1)).toBe(t.now())
    }
    expect(times).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90].slice(0, times.length))
    expect(times.length).toBeGreaterThanOrEqual(8)
  })

  inBubbles('pulses while its worker waits for a reader that is slow', function* (_t, style) {
    using heart = heartbeat(
      written(style, function* (worker: HeartbeatWorker<string>) {
        yield* on(worker.send('at last'))
      }),
      { intervalMs: 10 },
    )
    for (let n = 1; n <= 5; n++) expect((yield* on(heart.pulse.receive()))?.n).toBe(n)
    expect(yield* on(heart.results.receive())).toBe('at last')
  })

  inBubbles('a wait for a promise is a sign of life too, and ends with the context', function* (t, style) {
    const heart = heartbeat(
      written(style, function* (worker: HeartbeatWorker<number>) {
        yield* on(worker.send(yield* on(worker.wait(new Promise<number>((resolve) => setTimeout(resolve, 25, 7))))))
        yield* on(worker.wait(new Promise(() => {})))
      }),
      { intervalMs: 10 },
    )
    expect(yield* on(heart.results.receive())).toBe(7)
    expect((yield* on(heart.pulse.receive()))?.n).toBe(2)
    heart.cancel('enough')
    expect(yield* failure(() => heart.join())).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'enough' })
    expect(t.now()).toBe(25)
  })

  inBubbles('giving way is no wait', function* (_t, style) {
    using heart = heartbeat(
      written(style, function* (worker: HeartbeatWorker<never>, ctx: Context) {
        yield* on(worker.wait(gosched()))
        yield* on(never.receive(ctx))
      }),
      { intervalMs: 10 },
    )
    yield* on(sleep(100))
    expect(heart.pulse.tryReceive()?.value?.n).toBe(1)
  })

  inBubbles('a listener that comes late finds the latest pulse, and no older one', function* (_t, style) {
    using heart = heartbeat(
      written(style, function* (worker: HeartbeatWorker<never>, ctx: Context) {
        yield* on(worker.wait(never.receive(ctx)))
      }),
      { intervalMs: 10 },
    )
    yield* on(sleep(1005))
    expect(heart.pulse.length).toBe(1)
    expect(heart.pulse.tryReceive()?.value?.n).toBe(100)
    expect(heart.pulse.tryReceive()).toBe(undefined)
  })
})

describe('a heartbeat per unit of work', () => {
  // Concurrency in Go, chapter 5: fig-work-unit-pulse
  inBubbles('pulses at the start of each unit', function* (_t, style) {
    const { pulse, results } = heartbeat<number>(
      written(style, function* (worker: HeartbeatWorker<number>) {
        for (let i = 0; i < 10; i++) {
          worker.beat()
          yield* on(worker.send(i))
        }
      }),
      { perUnit: true },
    )
    for (let i = 0; i < 10; i++) {
      expect((yield* on(pulse.receive()))?.n).toBe(i + 1)
      expect(yield* on(results.receive())).toBe(i)
    }
    expect((yield* on(pulse.next())).done).toBe(true)
    expect((yield* on(results.next())).done).toBe(true)
  })

  inBubbles('does not hold its worker up when nobody listens', function* (_t, style) {
    const { pulse, results } = heartbeat<number>(
      written(style, function* (worker: HeartbeatWorker<number>) {
        for (let i = 0; i < 10; i++) {
          worker.beat()
          yield* on(worker.send(i))
        }
      }),
      { perUnit: true },
    )
    expect(yield* receivesAll(results)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect((yield* receivesAll(pulse)).map(({ n }) => n)).toEqual([10])
  })
})

describe('the end of a heartbeat', () => {
  const workers: Readonly<Record<string, (worker: HeartbeatWorker<number>, ctx: Context) => Body>> = {
    *sending(worker) {
      yield* on(worker.send(1))
    },
    *waiting(worker, ctx) {
      yield* on(worker.wait(never.receive(ctx)))
    },
    *sleeping(_worker, ctx) {
      yield* on(sleep(1e6, ctx))
    },
  }
  for (const [name, body] of Object.entries(workers)) {
    inBubbles(`comes with its context, whatever the worker is at: ${name}`, function* (t, style) {
      const ctx = withCancel(background())
      const heart = heartbeat<number>(written(style, body), { intervalMs: 10 }, ctx)
      yield* on(sleep(35))
      ctx.cancel()
      expect(yield* failure(() => heart.join())).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
      expect((yield* on(heart.results.next())).done).toBe(true)
      yield* receivesAll(heart.pulse)
      expect(t.now()).toBe(35)
    })
  }

  inBubbles('comes with its worker: both channels are closed, and join returns', function* (t, style) {
    const heart = heartbeat<string>(
      written(style, function* (worker: HeartbeatWorker<string>) {
        yield* on(sleep(5))
        yield* on(worker.send('done'))
        return 'of no interest'
      }),
      { intervalMs: 10 },
    )
    expect(yield* receivesAll(heart.results)).toEqual(['done'])
    expect(yield* receivesAll(heart.pulse)).toEqual([])
    expect(yield* on(heart.join())).toBe(undefined)
    expect(t.now()).toBe(5)
  })

  inBubbles('an error is for those who join', function* (_t, style) {
    const broken = new Error('broken')
    const heart = heartbeat(
      written(style, function* () {
        throw broken
      }),
      { intervalMs: 10 },
    )
    expect(yield* failure(() => heart.join())).toBe(broken)
    expect(yield* failure(() => heart.join())).toBe(broken)
    expect((yield* on(heart.pulse.next())).done).toBe(true)
  })

  inBubbles('an error is for those who read, after the last value', function* (t, style) {
    const broken = new Error('broken')
    for (const waits of [true, false]) {
      const heart = heartbeat<number>(
        written(style, function* (worker: HeartbeatWorker<number>) {
          yield* on(worker.send(1))
          if (waits) yield* on(sleep(5))
          throw broken
        }),
        { intervalMs: 10 },
      )
      expect(yield* on(heart.results.receive())).toBe(1)
      if (!waits) yield* on(t.wait())
      expect(yield* failure(() => heart.results.receive())).toBe(broken)
      expect(yield* failure(() => heart.results.next())).toBe(broken)
      expect(yield* failure(() => heart.results.receiveMany())).toBe(broken)
      expect(yield* failure(() => select({ result: heart.results }))).toBe(broken)
      expect(() => heart.results.tryReceive()).toThrow(broken)
    }
  })

  test(
    'an error goes through a pipeline that reads the results, and a reader that is slow is no panic',
    bubble(async () => {
      const broken = new Error('broken')
      const body = async (worker: HeartbeatWorker<number>): Promise<void> => {
        for (const i of [1, 2]) await worker.send(i)
        throw broken
      }
      const read = (): Heartbeat<number> => heartbeat(body, { intervalMs: 10 })
      await expect(collect(read().results)).rejects.toBe(broken)
      await expect(collect(map(read().results, (i) => i))).rejects.toBe(broken)
      const slow = async (): Promise<void> => {
        for await (const _ of read().results) await sleep(1000)
      }
      await expect(slow()).rejects.toBe(broken)
    }),
  )

  test(
    'an error waits for a reader that has never had to wait for a value',
    bubble(async () => {
      const heart = heartbeat<number>(
        async (worker) => {
          await worker.send(1)
          throw new Error('broken')
        },
        { intervalMs: 10 },
      )
      await sleep(100)
      expect(await heart.results.receive()).toBe(1)
      await sleep(100)
      await expect(heart.results.receive()).rejects.toThrow('broken')
    }),
  )

  test('an error that nobody joins for or reads is a panic', async () => {
    const broken = new Error('broken')
    const run = bubble(async (t) => {
      heartbeat(
        () => {
          throw broken
        },
        { perUnit: true },
      )
      await t.wait()
    })
    await expect(run()).rejects.toBe(broken)
  })

  test(
    'a worker that was told to stop is no panic',
    bubble(async (t) => {
      {
        using heart = heartbeat(async (worker, ctx) => worker.wait(never.receive(ctx)), { intervalMs: 10 })
        await heart.pulse.receive()
      }
      await t.wait()
    }),
  )

  test(
    'its worker is a goroutine with the name of the function',
    bubble(async (t) => {
      using _heart = heartbeat(
        async function fetchPages(worker, ctx) {
          await worker.wait(never.receive(ctx))
        },
        { intervalMs: 10 },
      )
      await t.wait()
      expect(goroutines().map(({ name }) => name)).toContain('fetchPages')
    }),
  )

  test('a worker that waits for ever is found as a leak, although it beats', async () => {
    for (const body of [
      async (worker: HeartbeatWorker<never>) => worker.wait(chan().receive()),
      function* (worker: HeartbeatWorker<never>): Body {
        yield* worker.wait(chan().receive())
      },
    ]) {
      const leaks = await checkLeaks(() => void heartbeat(body as never, { intervalMs: 1e6 }))
      expect(leaks.map(({ proven }) => proven)).toEqual([true])
    }
  })

  test('wrong arguments throw at the call', () => {
    const refused = (options: unknown, code: string): void => {
      expect(() => heartbeat(() => {}, options as never)).toThrow(expect.objectContaining({ code }))
    }
    refused(undefined, 'ERR_INVALID_ARG_TYPE')
    refused({}, 'ERR_INVALID_ARG_TYPE')
    refused({ intervalMs: 1, perUnit: true }, 'ERR_INVALID_ARG_TYPE')
    refused({ perUnit: false }, 'ERR_INVALID_ARG_TYPE')
    refused({ intervalMs: '1' }, 'ERR_INVALID_ARG_TYPE')
    refused({ intervalMs: 0 }, 'ERR_OUT_OF_RANGE')
    refused({ intervalMs: Number.POSITIVE_INFINITY }, 'ERR_OUT_OF_RANGE')
    expect(() => heartbeat(1 as never, { perUnit: true })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
    const noContext = {} as Context
    expect(() => heartbeat(() => {}, { perUnit: true }, noContext)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
  })
})

function byTime(a: string, b: string): number {
  const timeOf = (text: string): number => Number(text.split(' at ')[1])
  return timeOf(a) - timeOf(b) || a.localeCompare(b)
}
