// An error in a stage's function: it ends the pipeline, and reaches whoever reads.
import { describe, expect, test } from 'vitest'
import { background, chan, go, gosched, numGoroutine, type ReceiveChan, select, trySelect, withCancel } from 'warren'
import { cause } from 'warren/context'
import {
  batch,
  buffer,
  collect,
  filter,
  forEach,
  fromIterable,
  generate,
  map,
  merge,
  orDone,
  parallelMap,
  reduce,
  tee,
} from 'warren/pipeline'
import { expectHoldsNothing } from '../support/scopes.ts'
import { callers, pipelines, type StageKind } from '../support/stage-kinds.ts'
import { TrackedAsyncSource, TrackedSource, upTo } from '../support/stages.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'

class Wrong extends Error {}

/** Lets the call number `at` fail; says what came out, and with which error. */
async function run(kind: StageKind, isAsync: boolean, at: number): Promise<{ out: unknown[]; error: unknown }> {
  const where = `${kind.name}, call ${at}`
  const before = numGoroutine()
  const ctx = withCancel(background())
  const source = isAsync ? new TrackedAsyncSource(upTo(6)) : new TrackedSource(upTo(6))
  let calls = 0
  const stage = kind.make(fromIterable<number>(source), { ctx }, () => {
    if (calls++ === at) throw new Wrong(where)
  })
  const out: unknown[] = []
  let error: unknown
  try {
    for await (const value of stage) out.push(value)
  } catch (caught) {
    error = caught
  }
  await idle()
  if (error !== undefined) {
    const reads = [stage.receive(), stage.next(), stage.receiveMany(), select({ stage }), collect(stage)]
    for (const read of await Promise.allSettled<unknown>(reads)) {
      expect(read, `${where}: whoever asks again gets it again`).toEqual({ status: 'rejected', reason: error })
    }
    expect(() => stage.tryReceive()).toThrow(Wrong)
    expect(() => trySelect({ stage })).toThrow(Wrong)
  }
  expect(source.isOver, `${where}: what is before it is told`).toBe(true)
  expectHoldsNothing(ctx)
  expect(numGoroutine() - before, where).toBe(0)
  return { out, error }
}

describe('an error at any call reaches the reader behind what came before it', () => {
  for (const kind of [...callers, ...pipelines]) {
    for (const isAsync of [false, true]) {
      test(`${kind.name} over an ${isAsync ? 'async ' : ''}iterable`, async () => {
        const whole = (await run(kind, isAsync, -1)).out.flat()
        let at = 0
        for (; ; at++) {
          const { out, error } = await run(kind, isAsync, at)
          if (error === undefined) break
          expect(error).toBeInstanceOf(Wrong)
          const rest = [...whole]
          for (const value of out.flat()) rest.splice(rest.indexOf(value), 1)
          expect(out.flat().length + rest.length, 'nothing came twice').toBe(whole.length)
        }
        expect(at).toBeGreaterThanOrEqual(6)
      })
    }
  }
})

test('in order, all that came before the error goes out', async () => {
  for (const capacity of [0, 1, 9]) {
    const stage = map(
      fromIterable(upTo(6)),
      (n) => {
        if (n === 4) throw new Wrong()
        return n
      },
      { capacity },
    )
    await idle()
    const out: number[] = []
    await expect(forEach(stage, (n) => void out.push(n))).rejects.toThrow(Wrong)
    expect(out, `capacity ${capacity}`).toEqual([1, 2, 3])
  }
})

describe('every way to read throws it', () => {
  const fails = (): ReceiveChan<number> =>
    map(fromIterable([1]), () => {
      throw new Wrong()
    })
  const failsLater = (): ReceiveChan<number> =>
    map(fromIterable([1]), async () => {
      await gosched()
      throw new Wrong()
    })
  const reads: Record<string, (ch: ReceiveChan<number>) => Promise<unknown>> = {
    receive: (ch) => ch.receive(),
    next: (ch) => ch.next(),
    receiveMany: (ch) => ch.receiveMany(),
    'a loop': async (ch) => {
      for await (const _ of ch);
    },
    select: (ch) => select({ ch, other: chan() }),
    collect: (ch) => collect(ch),
    reduce: (ch) => reduce(ch, (sum, n) => sum + n, 0),
    forEach: (ch) => forEach(ch, () => {}),
    'a stage behind it': (ch) => orDone(ch).next(),
    'a buffer behind it': (ch) => buffer(ch, 3).next(),
    'a batch behind it': (ch) => batch(ch, { size: 2 }).next(),
    'a merge behind it': (ch) => merge(chan<number>(), ch).next(),
    'another map behind it': (ch) => map(ch, async (n) => n).next(),
  }
  for (const [name, read] of Object.entries(reads)) {
    test(name, async () => {
      await expect(read(fails())).rejects.toThrow(Wrong)
      await expect(read(failsLater())).rejects.toThrow(Wrong)
      const failed = fails()
      await expect(failed.receive()).rejects.toThrow(Wrong)
      await expect(read(failed)).rejects.toThrow(Wrong)
    })
  }

  inBothStyles('whoever waits, and they all', function* (style) {
    const ch = chan<number>()
    const stage = map(ch, () => {
      throw new Wrong()
    })
    const readers = Array.from({ length: 3 }, () =>
      style.go(function* () {
        try {
          yield* on(stage.receive())
        } catch (error) {
          return error
        }
        return 'nothing'
      }),
    )
    yield* on(idle())
    yield* on(ch.send(1))
    for (const reader of readers) expect(yield* on(reader.join())).toBeInstanceOf(Wrong)
  })
})

test('anything may be thrown, also what is no Error', async () => {
  for (const thrown of [undefined, null, 0, '', Number.NaN, 'text', { code: 1 }]) {
    const stages = [
      map(fromIterable([1]), () => {
        throw thrown
      }),
      map(fromIterable([1]), () => Promise.reject(thrown)),
      map(fromIterable([1]), function* () {
        throw thrown
      }),
      generate<number>(async (_) => {
        throw thrown
      }),
      orDone(
        fromIterable(
          (function* () {
            throw thrown
          })(),
        ),
      ),
    ]
    for (const stage of stages) {
      const caught = await collect(stage).then(
        () => 'nothing was thrown',
        (error: unknown) => ({ error }),
      )
      expect(caught).toEqual({ error: thrown })
    }
  }
})

test('the context of the other calls ends with the error as its cause, and generators are killed', async () => {
  const causes: unknown[] = []
  const error = new Wrong()
  let unwound = 0
  const stage = parallelMap(
    fromIterable(upTo(5)),
    (n, ctx) => {
      if (n === 3) return Promise.reject(error)
      if (n === 1) {
        return ctx.done.receive().then(() => {
          causes.push(cause(ctx))
        })
      }
      return (function* () {
        try {
          yield* chan<number>().receive()
        } finally {
          unwound++
        }
      })()
    },
    { concurrency: 5 },
  )
  await expect(collect(stage)).rejects.toBe(error)
  await idle()
  expect([causes, unwound]).toEqual([[error], 3])
})

test('the context of stages before it ends with the error as its cause', async () => {
  const causes: unknown[] = []
  const error = new Wrong()
  const before = map(fromIterable(upTo(5)), async (n, ctx) => {
    if (n === 2) {
      await ctx.done.receive()
      causes.push(cause(ctx))
    }
    return n
  })
  const produced = generate<number>(async (out, ctx) => {
    await out.send(0)
    await ctx.done.receive()
    causes.push(cause(ctx))
  })
  const stage = map(merge(before, produced), (n) => {
    if (n === 1) throw error
    return n
  })
  await expect(collect(stage)).rejects.toBe(error)
  await idle()
  expect(causes).toEqual([error, error])
})

test('of two errors the first one counts, and the second is nobody’s', async () => {
  const stage = parallelMap(
    fromIterable(upTo(4)),
    async (n) => {
      for (let i = 0; i < 4 - n; i++) await gosched()
      throw new Wrong(`${n}`)
    },
    { concurrency: 4, ordered: false },
  )
  await expect(collect(stage)).rejects.toThrow('4')
  await idle()
})

test('an error in one branch ends the others, through what they share', async () => {
  const source = new TrackedSource(upTo(100))
  const [one, other] = tee(fromIterable(source))
  const failing = map(one, (n) => {
    if (n === 3) throw new Wrong()
    return n
  })
  await expect(collect(merge(failing, other))).rejects.toThrow(Wrong)
  await idle()
  expect(source.isOver).toBe(true)
  expect(source.read).toBeLessThan(6)
})

describe('asResult', () => {
  test('makes an error a value, in each style, and goes on', async () => {
    const fns = [
      (n: number): number => fail(n),
      async (n: number): Promise<number> => fail(n),
      function* (n: number): Generator<never, number, unknown> {
        return fail(n)
      },
    ]
    const error = new Wrong()
    const fail = (n: number): number => {
      if (n % 2 === 0) throw error
      return n
    }
    for (const fn of fns) {
      for (const concurrency of [1, 3]) {
        for (const ordered of [true, false]) {
          const out = await collect(map(fromIterable(upTo(4)), fn, { asResult: true, concurrency, ordered }))
          expect(out).toEqual([
            { ok: true, value: 1 },
            { ok: false, error },
            { ok: true, value: 3 },
            { ok: false, error },
          ])
        }
      }
    }
  })

  test('is of the function alone: an error of the input ends it all the same', async () => {
    const input = map(fromIterable(upTo(3)), (n) => {
      if (n === 2) throw new Wrong()
      return n
    })
    const stage = map(input, async (n) => n, { asResult: true })
    expect(await stage.receive()).toEqual({ ok: true, value: 1 })
    await expect(stage.receive()).rejects.toThrow(Wrong)
  })

  test('a context’s end inside a call is an error like others', async () => {
    const ctx = withCancel(background())
    ctx.cancel()
    const [result] = await collect(map(fromIterable([1]), () => chan<number>().receive(ctx), { asResult: true }))
    expect(result).toMatchObject({ ok: false, error: { code: 'ERR_CONTEXT_CANCELED' } })
  })
})

test('a function’s error is nobody’s when nobody reads any more', async () => {
  const stage = map(fromIterable(upTo(3)), async (n, ctx) => {
    if (n === 2) {
      await ctx.done.receive()
      throw new Wrong()
    }
    return n
  })
  for await (const n of stage) {
    expect(n).toBe(1)
    await idle()
    break
  }
  await idle()
})

test('a value that makes the check of a result fail is an error of the function', async () => {
  const thrower = {
    get [Symbol.toStringTag](): string {
      throw new Wrong()
    },
  }
  async function* asyncGenerator(): AsyncGenerator<number> {
    yield 1
  }
  for (const concurrency of [1, 2]) {
    await expect(collect(map(fromIterable([1, 2]), () => thrower, { concurrency }))).rejects.toThrow(Wrong)
    const wrong = map(fromIterable([1, 2]), asyncGenerator as never, { concurrency })
    await expect(collect(wrong)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  }
})

test('a goroutine that ends by an error of a pipeline has ended by an error of its own', async () => {
  const goroutine = go(function* () {
    yield* collect(
      filter(fromIterable([1]), () => {
        throw new Wrong()
      }),
    )
  })
  await expect(goroutine.join()).rejects.toThrow(Wrong)
})
