// What pipelines hold, and for how long.
import { describe, expect, test } from 'vitest'
import { background, type Chan, chan, fromSignal, go, gosched, never, type ReceiveChan, withCancel } from 'warren'
import {
  batch,
  buffer,
  collect,
  fanOut,
  forEach,
  fromIterable,
  generate,
  map,
  merge,
  orDone,
  parallelMap,
  take,
  tee,
} from 'warren/pipeline'
import { checkLeaks } from 'warren/testing'
import { Canary, heapAfterGc } from '../support/gc.ts'
import { childrenOf, expectHoldsNothing } from '../support/scopes.ts'
import { everyStage } from '../support/stage-kinds.ts'
import { listenersOn, upTo } from '../support/stages.ts'
import { idle } from '../support/styles.ts'

/** Keeps what only a closure holds. */
function holding(hold: object): (n: number) => number {
  return (n) => (hold === undefined ? 0 : n)
}

describe('a reader of a pipeline over a channel that nobody can reach is a proven leak', () => {
  for (const style of ['generator', 'async'] as const) {
    test(`whatever the stage (${style})`, async () => {
      const leaks = await checkLeaks(() => {
        const start = (make: (typeof everyStage)[number]['make']): void => {
          const out = make(chan<number>(), {}, () => {})
          if (style === 'generator') {
            go(function* () {
              yield* out.receive()
            })
          } else go(async () => out.receive())
        }
        for (const { make } of everyStage) start(make)
      })
      const expected = everyStage.map(() => ({ proven: true, goroutine: { state: 'chan receive' } }))
      expect(leaks).toMatchObject(expected)
    })
  }

  test('and so is one that collects', async () => {
    const leaks = await checkLeaks(() => {
      const start = (): void => {
        go(function* () {
          yield* collect(map(orDone(chan<number>(), withCancel(background())), (n) => n))
        })
        go(async () => forEach(merge(chan<number>(), never), () => {}))
      }
      start()
    })
    expect(leaks.map(({ proven }) => proven)).toEqual([true, true])
  })

  test('and a producer whose output nobody can reach', async () => {
    const leaks = await checkLeaks(() => {
      const start = (): void => {
        generate<number>(function* (out) {
          yield* out.send(1)
        })
        generate<number>(async (out) => out.send(1))
      }
      start()
    })
    expect(leaks.map(({ proven, goroutine }) => [proven, goroutine.state])).toEqual([
      [true, 'chan send'],
      [true, 'chan send'],
    ])
  })
})

describe('stages that nobody reads are garbage, with their functions', () => {
  const makers: Record<string, (hold: object) => ReceiveChan<unknown>> = {
    map: (hold) => map(fromIterable([1]), holding(hold)),
    'one that was asked in vain': (hold) => {
      const out = map(chan<number>(), holding(hold))
      out.tryReceive()
      return out
    },
    'one with a buffer': (hold) => map(fromIterable(upTo(9)), holding(hold), { capacity: 3 }),
    'one that works ahead': (hold) => {
      const out = parallelMap(fromIterable(upTo(9)), async (n) => holding(hold)(n), { concurrency: 3 })
      out.tryReceive()
      return out
    },
    'one with a context that nobody can cancel': (hold) => map(chan<number>(), holding(hold), withCancel(background())),
    'one with a signal that nobody can abort': (hold) =>
      map(chan<number>(), holding(hold), new AbortController().signal),
    'a pipeline': (hold) => take(buffer(map(merge(...fanOut(fromIterable(upTo(9)), 2)), holding(hold)), 2), 5),
    'a tee': (hold) => tee(map(fromIterable([1]), holding(hold)))[0],
    'a batch without a time': (hold) => batch(map(fromIterable([1]), holding(hold)), { size: 5 }),
  }
  for (const [name, make] of Object.entries(makers)) {
    test(name, async () => {
      const canary = new Canary()
      const start = (): void => {
        for (let i = 0; i < 5; i++) make(canary.hatch())
      }
      start()
      await idle()
      expect(await canary.collected(5)).toBe(5)
    })
  }
})

test('values that have gone through a stage are held by nobody', async () => {
  const canary = new Canary()
  const kept: unknown[] = []
  for (const kind of everyStage) {
    const ch = chan<object>()
    const out = kind.make(ch as unknown as ReceiveChan<number>, {}, () => {})
    kept.push(ch, out)
    void (async () => {
      for await (const _ of out);
    })()
    for (let i = 0; i < 10; i++) await ch.send(canary.hatch())
    // What is on its way, or under way, is held.
    for (let i = 0; i < 10; i++) await ch.send({})
  }
  expect(await canary.collected(10 * everyStage.length)).toBe(10 * everyStage.length)
  expect(kept.length).toBe(2 * everyStage.length)
})

describe('a context that lives long', () => {
  async function* ends(ctx: ReturnType<typeof withCancel>): AsyncGenerator<void> {
    for (const kind of everyStage) {
      // To the end, left in the middle, failed, and given up.
      await collect(kind.make(fromIterable(upTo(3)), { ctx }, () => {}))
      yield
      for await (const _ of kind.make(fromIterable(upTo(3)), { ctx }, () => {})) break
      yield
      const fails = kind.make(fromIterable(upTo(3)), { ctx }, () => {
        throw new Error('fails')
      })
      await collect(fails).catch(() => {})
      yield
      const given = withCancel(background())
      const all = collect(
        kind.make(chan<number>(), { ctx }, () => {}),
        given,
      )
      given.cancel()
      await all.catch(() => {})
      yield
    }
  }

  test('holds nothing of pipelines that have ended, in whatever way', async () => {
    const ctx = withCancel(background())
    for await (const _ of ends(ctx)) {
      await idle()
      expectHoldsNothing(ctx)
    }
  })

  test('a signal that lives long has no listener of them', async () => {
    const controller = new AbortController()
    const ctx = fromSignal(controller.signal)
    for await (const _ of ends(ctx));
    ctx.cancel()
    for (const kind of everyStage) {
      await collect(kind.make(fromIterable(upTo(3)), { ctx: controller.signal }, () => {}))
      await idle()
      expect(listenersOn(controller.signal), kind.name).toBe(0)
    }
  })

  test('a signal has one listener, however many stages it has', async () => {
    const controller = new AbortController()
    const stages = upTo(50).map(() => map(chan<number>(), (n) => n, controller.signal))
    expect(listenersOn(controller.signal)).toBe(1)
    controller.abort()
    for (const stage of stages) expect(stage.tryReceive()).toEqual({ value: undefined, ok: false })
    expect(listenersOn(controller.signal)).toBe(0)
  })

  test('grows by nothing under 10,000 pipelines', async () => {
    const ctx = withCancel(background())
    const rounds = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const numbers = buffer(
          map(orDone(fromIterable([1, 2, 3]), ctx), (n) => n, ctx),
          1,
          ctx,
        )
        if (i % 3 === 0) await collect(numbers, ctx)
        else if (i % 3 === 1) for await (const _ of numbers) break
        else await take(numbers, 1, ctx).receive()
      }
    }
    await rounds(500)
    await idle()
    const before = heapAfterGc()
    await rounds(10_000)
    await idle()
    expectHoldsNothing(ctx)
    // A stage that stayed would take more than 500 bytes.
    expect(heapAfterGc() - before).toBeLessThan(2_000_000)
  })

  test('a channel that lives long holds nothing of pipelines that have read it', async () => {
    const ch: Chan<number> = chan<number>()
    const canary = new Canary()
    const rounds = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        const ctx = withCancel(background())
        const all = collect(map(orDone(ch, ctx), holding(canary.hatch())))
        await gosched()
        ctx.cancel()
        await all
      }
    }
    await rounds()
    expect(await canary.collected(20)).toBe(20)
    expect(ch.trySend(1)).toBe(false)
  })

  test('what runs has its place in the context, and leaves it at its end', async () => {
    const ctx = withCancel(background())
    const ch = chan<number>()
    const stage = map(ch, (n) => n, ctx)
    expect(childrenOf(ctx).length).toBe(1)
    const all = collect(stage)
    await ch.send(1)
    ch.close()
    expect(await all).toEqual([1])
    expect(childrenOf(ctx)).toEqual([])
  })
})
