import { describe, expect, test } from 'vitest'
import { background, type Context, chan, never, sleep, withCancel } from 'warren'
import { map } from 'warren/pipeline'
import {
  exponential,
  type FailedTry,
  type HeartbeatWorker,
  heartbeat,
  type Restart,
  StewardError,
  schedule,
  steward,
} from 'warren/resilience'
import { bubble, explore } from 'warren/testing'
import { inBubbles } from '../support/bubbles.ts'
import { failure, written } from '../support/functions.ts'
import { type Body, on, receivesAll, type Style } from '../support/styles.ts'

const forever = Number.POSITIVE_INFINITY

/** Starts wards whose worker does as the body says, with the number of the life; each start is noted. */
function wards(
  style: Style,
  starts: number[],
  now: () => number,
  body: (life: number, worker: HeartbeatWorker<never>, ctx: Context) => Body,
) {
  return (ctx: Context, intervalMs: number) => {
    starts.push(now())
    const life = starts.length
    return heartbeat<never>(
      written(style, (worker: HeartbeatWorker<never>, ctx: Context) => body(life, worker, ctx)),
      { intervalMs },
      ctx,
    )
  }
}

function* fails(): Body {
  throw new Error('broken')
}

function* hangs(_life: number, _worker: HeartbeatWorker<never>, ctx: Context): Body {
  yield* on(never.receive(ctx))
}

describe('the end of a ward', () => {
  inBubbles('is told apart: silence, an error, a return', function* (_t, style) {
    const told: Restart[] = []
    const healed = steward(
      wards(
        style,
        [],
        () => 0,
        function* (life, _worker, ctx) {
          if (life === 1) yield* on(never.receive(ctx))
          if (life === 2) throw new Error('broken')
          if (life === 4) throw new Error('enough')
        },
      ),
      {
        timeoutMs: 10,
        restart: 'always',
        maxRestarts: 3,
        backoff: exponential(5),
        onRestart: (restart) => told.push(restart),
      },
    )
    const error = yield* failure(() => healed.join())
    expect(told).toEqual([
      { reason: 'silent', error: expect.any(StewardError), restarts: 1, delayMs: 5 },
      { reason: 'failed', error: new Error('broken'), restarts: 2, delayMs: 10 },
      { reason: 'ended', error: undefined, restarts: 3, delayMs: 20 },
    ])
    expect(error).toMatchObject({ code: 'ERR_RESTARTS_EXHAUSTED', cause: { message: 'enough' } })
  })

  inBubbles('by a return is the end of the steward, unless told otherwise', function* (_t, style) {
    const starts: number[] = []
    const healed = steward(
      wards(
        style,
        starts,
        () => 0,
        function* () {},
      ),
      { timeoutMs: 10 },
    )
    yield* on(healed.join())
    expect([starts.length, healed.restarts]).toEqual([1, 0])
  })

  inBubbles('of a mere channel of pulses is its close', function* (_t, style) {
    let lives = 0
    const healed = steward(
      written(style, function* () {
        const pulse = chan<never>()
        if (++lives === 3) return pulse
        pulse.close()
        return pulse
      }),
      { timeoutMs: 10, restart: 'always', maxRestarts: 3, backoff: exponential(0) },
    )
    const error = yield* failure(() => healed.join())
    expect(error).toMatchObject({
      message: 'the ward has returned again, after 3 restarts within 60000 ms',
    })
    expect(lives).toBe(4)
  })

  inBubbles('by an error of what starts it is a failure', function* (t, style) {
    const starts: number[] = []
    const startWard = written(style, function* () {
      starts.push(t.now())
      yield* on(sleep(1))
      if (starts.length < 4) throw new Error('connection refused')
      const pulse = chan<never>()
      pulse.close()
      return pulse
    })
    const healed = steward(startWard, { timeoutMs: 1000, backoff: exponential(10) })
    yield* on(healed.join())
    expect(starts).toEqual([0, 11, 32, 73])
  })

  test(
    "its late error is nobody's panic",
    bubble(async (t) => {
      const gate = chan<never>()
      const startLate = chan<never>()
      let lives = 0
      using healed = steward(
        async (ctx, intervalMs) => {
          const life = ++lives
          if (life === 2) await startLate.receive()
          return heartbeat(
            async (worker: HeartbeatWorker<never>, ctx: Context) => {
              if (life === 3) return void (await worker.wait(never.receive(ctx)))
              await gate.receive()
              throw new Error(`late ${life}`)
            },
            { intervalMs },
            ctx,
          )
        },
        { timeoutMs: 10 },
      )
      await sleep(25)
      expect(healed.restarts).toBe(2)
      startLate.close()
      await t.wait()
      gate.close()
      await t.wait()
    }),
  )
})

describe('the delay before a restart', () => {
  inBubbles('doubles for a ward that fails again and again, up to the longest', function* (t, style) {
    const starts: number[] = []
    const healed = steward(wards(style, starts, t.now, fails), {
      timeoutMs: 1000,
      maxRestarts: 6,
      backoff: exponential(10, { maxMs: 100 }),
    })
    yield* failure(() => healed.join())
    expect(starts).toEqual([0, 10, 30, 70, 150, 250, 350])
  })

  inBubbles('is none for a ward that fell silent, unless told', function* (t, style) {
    const starts: number[] = []
    const healed = steward(wards(style, starts, t.now, hangs), { timeoutMs: 100, maxRestarts: 3 })
    yield* failure(() => healed.join())
    expect(starts).toEqual([0, 100, 200, 300])
    starts.length = 0
    const slower = steward(wards(style, starts, t.now, hangs), {
      timeoutMs: 100,
      maxRestarts: 3,
      backoff: exponential(50, { factor: 3 }),
    })
    yield* failure(() => slower.join())
    expect(starts).toEqual([400, 550, 800, 1350])
  })

  inBubbles('begins anew after a ward that was healthy', function* (t, style) {
    const starts: number[] = []
    const healed = steward(
      wards(style, starts, t.now, function* (life, worker, ctx) {
        if (life === 3) yield* on(worker.wait(sleep(1000, ctx)))
        throw new Error('broken')
      }),
      { timeoutMs: 100, maxRestarts: 4, backoff: exponential(10) },
    )
    yield* failure(() => healed.join())
    expect(starts).toEqual([0, 10, 30, 1040, 1060])
  })

  test(
    'is in part random for a ward that fails, unless told',
    bubble(async () => {
      const told: number[] = []
      const healed = steward(
        () => {
          throw new Error('broken')
        },
        { timeoutMs: 1000, onRestart: ({ delayMs }) => told.push(delayMs), withinMs: 1e6 },
      )
      await expect(healed.join()).rejects.toThrow('after 10 restarts')
      told.forEach((delayMs, i) => {
        const longest = Math.min(100 * 2 ** i, 30_000)
        expect(delayMs).toBeGreaterThanOrEqual(longest / 2)
        expect(delayMs).toBeLessThan(longest)
      })
    }),
  )

  inBubbles('is told all that a schedule decides by, and may end the restarts', function* (_t, style) {
    const told: FailedTry[] = []
    const healed = steward(
      wards(style, [], () => 0, fails),
      {
        timeoutMs: 1000,
        backoff: schedule((failed) => {
          told.push(failed)
          return failed.attempt < 3 ? 10 * failed.attempt : undefined
        }),
      },
    )
    expect(yield* failure(() => healed.join())).toMatchObject({
      code: 'ERR_RESTARTS_EXHAUSTED',
      message: 'the ward has failed, and the schedule has no more restarts',
      cause: { message: 'broken' },
    })
    const error = new Error('broken')
    expect(told).toEqual([
      { attempt: 1, error, elapsedMs: 0, delayMs: 0 },
      { attempt: 2, error, elapsedMs: 10, delayMs: 10 },
      { attempt: 3, error, elapsedMs: 30, delayMs: 20 },
    ])
  })

  inBubbles('is no time in which the steward is silent, or cannot be ended', function* (t, style) {
    const ctx = withCancel(background())
    const healed = steward(
      wards(style, [], t.now, fails),
      { timeoutMs: 10, intervalMs: 10, backoff: exponential(1000) },
      ctx,
    )
    for (let n = 1; n <= 50; n++) expect((yield* on(healed.pulse.receive()))?.n).toBe(n)
    ctx.cancel()
    expect(yield* failure(() => healed.join())).toBe(ctx.err)
    expect(t.now()).toBe(500)
  })
})

describe('the restart budget', () => {
  inBubbles('is for a span of time: fewer restarts go on for ever', function* (t, style) {
    const starts: number[] = []
    using healed = steward(wards(style, starts, t.now, hangs), { timeoutMs: 100, maxRestarts: 3, withinMs: 300 })
    yield* on(sleep(10_000))
    expect(healed.restarts).toBe(99)
  })

  inBubbles('once spent, ends the steward and its ward', function* (t, style) {
    const contexts: Context[] = []
    const healed = steward(
      written(style, function* (ctx: Context) {
        contexts.push(ctx)
        return never
      }),
      { timeoutMs: 100, maxRestarts: 2, withinMs: 1000 },
    )
    const error = yield* failure(() => healed.join())
    expect(error).toBeInstanceOf(StewardError)
    expect(error).toMatchObject({
      code: 'ERR_RESTARTS_EXHAUSTED',
      message: 'the ward has fallen silent again, after 2 restarts within 1000 ms',
      cause: { code: 'ERR_WARD_SILENT' },
    })
    expect(t.now()).toBe(300)
    expect(contexts.map(({ err }) => err === undefined)).toEqual([false, false, false])
    expect(yield* failure(() => healed.results.next())).toBe(error)
  })

  inBubbles('of 0 allows none, an infinite one any number', function* (t, style) {
    const none = steward(wards(style, [], t.now, hangs), { timeoutMs: 10, maxRestarts: 0 })
    expect(yield* failure(() => none.join())).toMatchObject({ code: 'ERR_RESTARTS_EXHAUSTED' })
    using any = steward(wards(style, [], t.now, hangs), { timeoutMs: 10, maxRestarts: forever })
    yield* on(sleep(10_005))
    expect(any.restarts).toBe(1000)
  })

  test('spent, and with nobody who joins, it is a panic', async () => {
    const run = bubble(async () => {
      steward(() => never, { timeoutMs: 10, maxRestarts: 0 })
      await sleep(100)
    })
    await expect(run()).rejects.toMatchObject({ code: 'ERR_RESTARTS_EXHAUSTED' })
  })
})

describe('an error at the end of values', () => {
  inBubbles('of a ward, is its failure', function* (_t, style) {
    const told: unknown[] = []
    let lives = 0
    const healed = steward<number>(
      (ctx, intervalMs) => {
        const life = ++lives
        const heart = heartbeat<number>(
          written(style, function* (worker: HeartbeatWorker<number>) {
            yield* on(worker.send(life))
          }),
          { intervalMs },
          ctx,
        )
        const checked = map(heart.results, (value) => {
          if (value === 1) throw new Error('not that one')
          return value * 10
        })
        return { pulse: heart.pulse, results: checked }
      },
      { timeoutMs: 10, onRestart: ({ reason, error }) => told.push(reason, error) },
    )
    expect(yield* receivesAll(healed.results)).toEqual([20])
    expect(told).toEqual(['failed', new Error('not that one')])
  })

  inBubbles('is waited for after the end of the pulses, but not for ever', function* (t) {
    const values = chan<number>(2)
    values.trySend(1)
    values.trySend(2)
    values.close()
    let isOpen = false
    const startWard = () => {
      const pulse = chan<never>()
      pulse.close()
      if (isOpen) return { pulse, results: chan<number>() }
      isOpen = true
      const check = async (value: number): Promise<number> => {
        await sleep(5)
        if (value === 2) throw new Error('not that one')
        return value
      }
      return { pulse, results: map(values, check) }
    }
    const told: unknown[] = []
    const onRestart = ({ reason, error }: Restart) => told.push(reason, error, t.now())
    const healed = steward(startWard, { timeoutMs: 100, onRestart, backoff: exponential(0) })
    expect(yield* receivesAll(healed.results)).toEqual([1])
    expect(told).toEqual(['failed', new Error('not that one'), 10])
    expect(t.now()).toBe(110)
  })

  inBubbles('of a steward that has given up, goes to who reads', function* (_t, style) {
    const healed = steward<number>(
      (ctx, intervalMs) =>
        heartbeat<number>(
          written(style, function* (worker: HeartbeatWorker<number>) {
            yield* on(worker.send(1))
            throw new Error('broken')
          }),
          { intervalMs },
          ctx,
        ),
      { timeoutMs: 10, maxRestarts: 0 },
    )
    expect(yield* on(healed.results.receive())).toBe(1)
    expect(yield* failure(() => healed.results.receive())).toMatchObject({ cause: { message: 'broken' } })
    yield* on(sleep(1000)) // no panic
  })
})

describe('what is asked of a steward', () => {
  inBubbles('grace: the old ward has so long to end before the next is started', function* (t, style) {
    const log: string[] = []
    const cleanUpMs = [20, 1e6]
    let lives = 0
    const ctx = withCancel(background())
    const healed = steward(
      (wardCtx, intervalMs) => {
        const life = ++lives
        log.push(`start ${life} at ${t.now()}`)
        return heartbeat<never>(
          written(style, function* (_worker: HeartbeatWorker<never>, ctx: Context) {
            try {
              yield* on(never.receive(ctx))
            } finally {
              // A finally block that waits; it is for these milliseconds that grace is given.
              if (life <= 2) yield* on(sleep(cleanUpMs[life - 1]!))
              log.push(`end ${life} at ${t.now()}`)
            }
          }),
          { intervalMs },
          wardCtx,
        )
      },
      { timeoutMs: 100, graceMs: 50 },
      ctx,
    )
    yield* on(sleep(280))
    ctx.cancel()
    yield* failure(() => healed.join())
    yield* on(sleep(1e6))
    expect(log).toEqual([
      'start 1 at 0',
      'end 1 at 120',
      'start 2 at 120',
      'start 3 at 270',
      'end 3 at 280',
      'end 2 at 1000220',
    ])
  })

  inBubbles('grace: a mere channel of pulses ends by its close', function* (t, style) {
    const starts: number[] = []
    using _healed = steward(
      written(style, function* (ctx: Context) {
        starts.push(t.now())
        const pulse = chan<string>(1)
        style.go(function* () {
          yield* on(ctx.done.receive())
          yield* on(sleep(5))
          pulse.trySend('a last one')
          yield* on(sleep(5))
          pulse.close()
        })
        return pulse
      }),
      { timeoutMs: 100, graceMs: 50 },
    )
    yield* on(sleep(250))
    expect(starts).toEqual([0, 110, 220])
    _healed.cancel()
    yield* on(sleep(20))
  })

  inBubbles('what onRestart throws ends it', function* (t, style) {
    const bug = new Error('a bug')
    const healed = steward(wards(style, [], t.now, fails), {
      timeoutMs: 10,
      onRestart: () => {
        throw bug
      },
    })
    expect(yield* failure(() => healed.join())).toBe(bug)
  })

  test(
    'a random schedule changes nothing: each life but the last is cancelled, and values keep their order',
    explore({ strategy: 'random', schedules: 50, preemption: true }, async () => {
      let lives = 0
      const healed = steward(
        (ctx, intervalMs) =>
          heartbeat<number>(
            async (worker, ctx) => {
              const life = ++lives
              await worker.send(life * 10)
              if (life === 1) await never.receive(ctx)
              if (life === 2) throw new Error('broken')
              await worker.send(life * 10 + 1)
            },
            { intervalMs },
            ctx,
          ),
        { timeoutMs: 10, backoff: exponential(5) },
      )
      const got: number[] = []
      for await (const value of healed.results) got.push(value)
      expect(got).toEqual([10, 20, 30, 31])
      await healed.join()
    }),
  )
})
