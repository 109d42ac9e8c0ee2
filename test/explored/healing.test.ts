// Attempts, pulses and wards, whoever comes first.
import { background, type Context, chan, never, sleep, withCancel } from 'warren'
import { exponential, type HeartbeatWorker, heartbeat, hedge, replicate, steward } from 'warren/resilience'
import { must, mustEqual, proves, survives, tried } from '../support/explored.ts'
import { failure, written } from '../support/functions.ts'
import { type Body, generatorStyle, on, receivesAll } from '../support/styles.ts'

proves('two replicas and the end of the context: one outcome, and no replica is left', function* (style, t) {
  const ctx = withCancel(background())
  let running = 0
  const ask = written(style, function* (ctx: Context, i: number) {
    running++
    try {
      if (i === 0) yield* on(never.receive(ctx))
      return i
    } finally {
      running--
    }
  })
  const other = generatorStyle.go(function* () {
    ctx.cancel()
  })
  const outcome = yield* tried(on(replicate(2, ask, ctx)))
  yield* on(other.join())
  yield* on(t.wait())
  must(outcome.ok ? outcome.value === 1 : outcome.error === ctx.err, 'a result, or the end of the context')
  must(running === 0, 'all that began have ended')
})

proves('a caller that is killed while its replica answers', function* (style, t) {
  let ended = 0
  const ask = written(style, function* (ctx: Context) {
    try {
      yield* on(never.receive(ctx))
    } catch {
      ended++
    }
    return 1
  })
  const answers = written(style, function* () {
    return 2
  })
  const caller = generatorStyle.go(function* () {
    return yield* replicate(2, (ctx, i) => (i === 0 ? ask(ctx) : answers()))
  })
  const killer = style.go(function* () {
    caller.kill()
  })
  const end = yield* failureOrValue(() => caller.join())
  yield* on(killer.join())
  yield* on(t.wait())
  must(end === 2 || end === 'killed', 'a result, or killed')
  must(ended <= 1, 'ended once')
})

function* failureOrValue(call: () => ReturnType<typeof replicate>): Body<unknown> {
  try {
    return yield* on(call())
  } catch {
    return 'killed'
  }
}

survives('a hedged call has one outcome, whichever attempt comes first, and its attempts end', function* (style, t) {
  let running = 0
  const ask = written(style, function* (ctx: Context, i: number) {
    running++
    try {
      yield* on(sleep([20, 10, 10][i]!, ctx))
      if (i === 2) throw new Error('broken')
      return i
    } finally {
      running--
    }
  })
  const answer = yield* on(hedge(ask, { delayMs: 10, max: 3 }))
  must(answer < 2, 'a result')
  must(t.now() === 20, 'of both at the same time')
  yield* on(t.wait())
  must(running === 0, 'all attempts have ended')
})

survives('a result is received or not sent, when the heartbeat is cancelled meanwhile', function* (style) {
  const sent: number[] = []
  const heart = heartbeat<number>(
    written(style, function* (worker: HeartbeatWorker<number>) {
      for (let i = 0; ; i++) {
        yield* on(worker.send(i))
        sent.push(i)
      }
    }),
    { intervalMs: 1 },
  )
  const canceller = style.go(function* () {
    heart.cancel()
  })
  const got = yield* receivesAll(heart.results)
  yield* on(canceller.join())
  const error = yield* failure(() => heart.join())
  must(error instanceof Error && error.message === 'context canceled', 'it was told to stop')
  mustEqual(sent, got, 'sent is received')
})

survives('the wards of a steward: no value twice, none after the cancel, in order', function* (style, t) {
  const zombie = chan<number>()
  let lives = 0
  const wardsAlive = new Set<number>()
  const healed = steward<number>(
    (ctx, intervalMs) => {
      const life = ++lives
      return heartbeat<number>(
        written(style, function* (worker: HeartbeatWorker<number>, ctx: Context) {
          wardsAlive.add(life)
          try {
            for (let i = 0; i < 2; i++) yield* on(worker.send(10 * life + i))
            if (life === 1) yield* on(zombie.receive()) // ignores its context
            if (life === 1) must(ctx.err !== undefined, 'cancelled')
            if (life === 2) throw new Error('broken')
          } finally {
            wardsAlive.delete(life)
          }
        }),
        { intervalMs },
        ctx,
      )
    },
    { timeoutMs: 10, backoff: exponential(1) },
  )
  mustEqual(yield* receivesAll(healed.results), [10, 11, 20, 21, 30, 31], 'all values')
  yield* on(healed.join())
  must(healed.restarts === 2, 'two restarts')
  must(wardsAlive.has(1), 'the first is still there')
  zombie.close()
  yield* on(t.wait())
  must(wardsAlive.size === 0, 'all are gone')
})
