import { describe, expect, test } from 'vitest'
import { background, type Context, chan, never, select, sleep, tick, withCancel, withTimeout } from 'warren'
import { cause } from 'warren/context'
import { goroutines } from 'warren/debug'
import { exponential, type HeartbeatWorker, heartbeat, StewardError, steward } from 'warren/resilience'
import { bubble } from 'warren/testing'
import { inBubbles } from '../support/bubbles.ts'
import { failure, written } from '../support/functions.ts'
import { type Body, on, receivesAll } from '../support/styles.ts'

/** A ward that pulses for so long, and then hangs until its context ends. */
function* beatsFor(ms: number, worker: HeartbeatWorker<never>, ctx: Context): Body {
  if (ms > 0) yield* on(worker.wait(sleep(ms, ctx)))
  yield* on(never.receive(ctx))
}

describe('a steward', () => {
  // Concurrency in Go, chapter 5: fig-example-steward-usage
  inBubbles('restarts a ward that never pulses, each time the timeout has passed', function* (t, style) {
    const log: string[] = []
    const doWork = written(style, function* (ctx: Context) {
      log.push(`hello at ${t.now()}`)
      ctx.done.receive().then(() => log.push(`halting at ${t.now()}`))
      return never
    })
    using ctx = withTimeout(background(), 9000)
    const healed = steward(doWork, { timeoutMs: 4000 }, ctx)
    expect(yield* failure(() => healed.join())).toBe(ctx.err)
    yield* on(t.wait())
    expect(t.now()).toBe(9000)
    expect(healed.restarts).toBe(2)
    expect(log.sort()).toEqual(
      ['hello at 0', 'halting at 4000', 'hello at 4000', 'halting at 8000', 'hello at 8000', 'halting at 9000'].sort(),
    )
  })

  // Concurrency in Go, chapter 5: fig-more-complicated-ward
  inBubbles('gives on the values of all its wards as one stream', function* (t, style) {
    const list = [1, 2, -1, 3, 4, 5]
    const startWard = (ctx: Context, intervalMs: number) =>
      heartbeat<number>(
        written(style, function* (worker: HeartbeatWorker<number>, ctx: Context) {
          while (list.length > 0) {
            const next = list.shift()!
            if (next < 0) yield* on(never.receive(ctx)) // unhealthy
            yield* on(worker.send(next))
          }
        }),
        { intervalMs },
        ctx,
      )
    const healed = steward(startWard, { timeoutMs: 10 })
    expect(yield* receivesAll(healed.results)).toEqual([1, 2, 3, 4, 5])
    yield* on(healed.join())
    expect(healed.restarts).toBe(1)
    expect(t.now()).toBeLessThan(30)
  })

  inBubbles('leaves a ward alone that goes on pulsing', function* (_t, style) {
    using healed = steward(
      (ctx, intervalMs) =>
        heartbeat(
          written(style, (worker: HeartbeatWorker<never>, ctx: Context) => beatsFor(1e6, worker, ctx)),
          { intervalMs },
          ctx,
        ),
      { timeoutMs: 100 },
    )
    yield* on(sleep(100_000))
    expect(healed.restarts).toBe(0)
  })

  inBubbles('restarts one that stops pulsing, after the timeout', function* (t, style) {
    const starts: number[] = []
    const body = written(style, (worker: HeartbeatWorker<never>, ctx: Context) => beatsFor(1050, worker, ctx))
    using _healed = steward(
      (ctx, intervalMs) => {
        starts.push(t.now())
        return heartbeat(body, { intervalMs }, ctx)
      },
      { timeoutMs: 200 },
    )
    yield* on(sleep(3000))
    // The last pulse, at 1100, tells of the interval in which it hung.
    expect(starts).toEqual([0, 1300, 2600])
  })

  inBubbles('ends the context of the old ward, with the reason, before it starts the new one', function* (t, style) {
    const contexts: Context[] = []
    using _healed = steward(
      written(style, function* (ctx: Context) {
        for (const older of contexts) expect(older.err).not.toBe(undefined)
        contexts.push(ctx)
        return never
      }),
      { timeoutMs: 10 },
    )
    yield* on(sleep(25))
    yield* on(t.wait())
    expect(contexts.map((ctx) => ctx.err !== undefined)).toEqual([true, true, false])
    expect(cause(contexts[0]!)).toBeInstanceOf(StewardError)
    expect(cause(contexts[0]!)).toMatchObject({
      code: 'ERR_WARD_SILENT',
      message: 'the ward has not pulsed for 10 ms',
    })
  })

  inBubbles('is held up by no ward that ignores its cancel, and takes none of its late values', function* (t, style) {
    const gate = chan<never>()
    let lives = 0
    const zombies: unknown[] = []
    const startWard = written(style, function* (ctx: Context) {
      const life = ++lives
      const pulse = chan<number>()
      const results = chan<string>()
      style.go(function* () {
        if (life > 1) {
          yield* on(results.send(`life ${life}`, ctx))
          results.close()
          pulse.close()
          return
        }
        yield* on(gate.receive()) // and not to its context
        zombies.push(results.trySend('late'), ctx.err?.message)
      })
      return { pulse, results }
    })
    const healed = steward(startWard, { timeoutMs: 10 })
    const reader = style.go(() => receivesAll(healed.results))
    yield* on(sleep(15))
    gate.close()
    expect(yield* on(reader.join())).toEqual(['life 2'])
    yield* on(t.wait())
    expect(zombies).toEqual([false, 'context canceled'])
  })

  inBubbles('loses no value that it has taken from a ward that then hangs', function* (_t, style) {
    let lives = 0
    const healed = steward(
      (ctx, intervalMs) =>
        heartbeat<string>(
          written(style, function* (worker: HeartbeatWorker<string>, ctx: Context) {
            const life = ++lives
            yield* on(worker.send(`from life ${life}`))
            if (life === 1) yield* on(never.receive(ctx))
          }),
          { intervalMs },
          ctx,
        ),
      { timeoutMs: 10 },
    )
    yield* on(sleep(100)) // nobody reads: the value waits with the steward, while the ward is silent
    expect(lives).toBe(2)
    expect(yield* receivesAll(healed.results)).toEqual(['from life 1', 'from life 2'])
  })

  inBubbles('hands on what an ended ward has left in its buffer', function* (_t, style) {
    const startWard = written(style, function* () {
      const pulse = chan<never>()
      const results = chan<number>(3)
      yield* on(results.sendMany([1, 2, 3]))
      results.close()
      pulse.close()
      return { pulse, results }
    })
    const healed = steward(startWard, { timeoutMs: 10 })
    yield* on(sleep(100))
    expect(yield* receivesAll(healed.results)).toEqual([1, 2, 3])
    yield* on(healed.join())
  })

  inBubbles('a slow reader of the values is no silence of the ward', function* (_t, style) {
    const healed = steward(
      (ctx, intervalMs) =>
        heartbeat<number>(
          written(style, function* (worker: HeartbeatWorker<number>) {
            for (let i = 0; i < 3; i++) yield* on(worker.send(i))
          }),
          { intervalMs },
          ctx,
        ),
      { timeoutMs: 10 },
    )
    const got: number[] = []
    for (;;) {
      yield* on(sleep(1000))
      const next = yield* on(healed.results.next())
      if (next.done === true) break
      got.push(next.value)
    }
    expect(got).toEqual([0, 1, 2])
    expect(healed.restarts).toBe(0)
  })

  inBubbles('its ward may take its time to start, but not for ever', function* (t, style) {
    const starts: number[] = []
    const startWard = written(style, function* (ctx: Context, intervalMs: number) {
      starts.push(t.now())
      yield* on(sleep(starts.length === 1 ? 1000 : 15, ctx))
      return heartbeat(async (worker, ctx) => worker.wait(never.receive(ctx)), { intervalMs }, ctx)
    })
    using healed = steward(startWard, { timeoutMs: 30 })
    yield* on(sleep(500))
    expect(starts).toEqual([0, 30])
    expect(healed.restarts).toBe(1)
  })

  inBubbles('asks its ward for two pulses in the time it allows', function* (t, style) {
    let asked = 0
    using _healed = steward(
      written(style, function* (_ctx: Context, intervalMs: number) {
        asked = intervalMs
        return never
      }),
      { timeoutMs: 30 },
    )
    yield* on(t.wait())
    expect(asked).toBe(15)
  })

  inBubbles('pulses itself, as often as told, and its channels are closed at its end', function* (t, style) {
    const ctx = withCancel(background())
    const healed = steward(
      written(style, function* () {
        return never
      }),
      { timeoutMs: 1000, intervalMs: 10, maxRestarts: Number.POSITIVE_INFINITY },
      ctx,
    )
    for (let n = 1; n <= 200; n++) {
      expect((yield* on(healed.pulse.receive()))?.n).toBe(n)
      expect(t.now()).toBe(10 * n)
    }
    ctx.cancel('enough')
    expect(yield* receivesAll(healed.pulse)).toEqual([])
    expect(yield* receivesAll(healed.results)).toEqual([])
    expect(yield* failure(() => healed.join())).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'enough' })
  })

  inBubbles('a pulse at the very moment at which the time is up is in time', function* (_t, style) {
    using healed = steward(
      written(style, function* (ctx: Context) {
        const pulse = chan<Date>()
        const ticks = tick(10)
        style.go(function* () {
          try {
            for (;;) {
              const { value } = yield* on(select({ tick: ticks }, { ctx }))
              yield* on(pulse.send(value!, ctx))
            }
          } catch (error) {
            if (ctx.err !== error) throw error
          }
        })
        return pulse
      }),
      { timeoutMs: 10, intervalMs: 1e6 },
    )
    yield* on(sleep(1005))
    expect(healed.restarts).toBe(0)
  })

  inBubbles('can be the ward of another steward', function* (t, style) {
    const starts: string[] = []
    let innerLives = 0
    const work = written(style, function* (worker: HeartbeatWorker<string>, ctx: Context) {
      starts.push(`ward of ${innerLives} at ${t.now()}`)
      if (innerLives === 2) yield* on(worker.send('saved'))
      else throw new Error('broken')
      yield* on(never.receive(ctx).catch(() => {}) as never)
    })
    const options = { timeoutMs: 100, maxRestarts: 1, backoff: exponential(10) }
    const outer = steward(
      (ctx, intervalMs) => {
        innerLives++
        const startWard = (ctx: Context, intervalMs: number) => heartbeat<string>(work, { intervalMs }, ctx)
        return steward(startWard, { ...options, intervalMs }, ctx)
      },
      { timeoutMs: 1000, backoff: exponential(500) },
    )
    expect(yield* on(outer.results.receive())).toBe('saved')
    expect(starts).toEqual(['ward of 1 at 0', 'ward of 1 at 10', 'ward of 2 at 510'])
    expect(outer.restarts).toBe(1)
    outer.cancel()
    expect(yield* failure(() => outer.join())).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
  })

  test(
    'its ward is a goroutine with the name of what starts it',
    bubble(async (t) => {
      using _healed = steward(
        async function connect(ctx) {
          await never.receive(ctx)
          return never
        },
        { timeoutMs: 10 },
      )
      await t.wait()
      expect(goroutines().map(({ name }) => name)).toEqual(expect.arrayContaining(['steward', 'connect']))
    }),
  )

  test('what is no ward ends it: that is no failure of the ward', async () => {
    for (const nothing of [undefined, 1, {}, { pulse: 1 }, { pulse: never, results: [] }, { pulse: never, join: 1 }]) {
      await bubble(async () => {
        const healed = steward((() => nothing) as never, { timeoutMs: 10 })
        await expect(healed.join()).rejects.toMatchObject({
          code: 'ERR_INVALID_ARG_TYPE',
          message: expect.stringContaining('what startWard returns must be a heartbeat, or a channel of pulses'),
        })
        expect(healed.restarts).toBe(0)
      })()
    }
  })

  test(
    'starts nothing under a context that has ended',
    bubble(async () => {
      const ctx = withCancel(background())
      ctx.cancel()
      let starts = 0
      const healed = steward(
        () => {
          starts++
          return never
        },
        { timeoutMs: 10 },
        ctx,
      )
      await expect(healed.join()).rejects.toBe(ctx.err)
      expect(starts).toBe(0)
    }),
  )

  test('works outside a bubble, where time is real', async () => {
    let lives = 0
    const healed = steward(
      (ctx, intervalMs) =>
        heartbeat<number>(
          async (worker, ctx) => {
            if (++lives === 1) await never.receive(ctx)
            await worker.send(lives)
          },
          { intervalMs },
          ctx,
        ),
      { timeoutMs: 5 },
    )
    expect(await healed.results.receive()).toBeGreaterThanOrEqual(2)
    await healed.join()
  })

  test('wrong arguments throw at the call', () => {
    const refused = (options: unknown, code: string): void => {
      expect(() => steward(() => never, options as never)).toThrow(expect.objectContaining({ code }))
    }
    refused(undefined, 'ERR_INVALID_ARG_TYPE')
    refused({}, 'ERR_INVALID_ARG_TYPE')
    refused({ timeoutMs: 0 }, 'ERR_OUT_OF_RANGE')
    refused({ timeoutMs: 1, intervalMs: 0 }, 'ERR_OUT_OF_RANGE')
    refused({ timeoutMs: 1, graceMs: -1 }, 'ERR_OUT_OF_RANGE')
    refused({ timeoutMs: 1, onRestart: 1 }, 'ERR_INVALID_ARG_TYPE')
    refused({ timeoutMs: 1, restart: 'never' }, 'ERR_INVALID_ARG_TYPE')
    refused({ timeoutMs: 1, maxRestarts: -1 }, 'ERR_OUT_OF_RANGE')
    refused({ timeoutMs: 1, withinMs: 0 }, 'ERR_OUT_OF_RANGE')
    refused({ timeoutMs: 1, backoff: 5 }, 'ERR_INVALID_ARG_TYPE')
    refused({ timeoutMs: 1, backoff: { initialMs: 5 } }, 'ERR_INVALID_ARG_TYPE')
    expect(() => steward(1 as never, { timeoutMs: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
  })
})
