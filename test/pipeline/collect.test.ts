// What waits for the whole: collect, reduce, forEach; and pipeline, which puts things in order.
import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, chan, go, gosched, numGoroutine, withCancel } from 'warren'
import { collect, filter, forEach, fromIterable, generate, map, orDone, pipeline, reduce, take } from 'warren/pipeline'
import { TrackedSource, upTo } from '../support/stages.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

describe('collect', () => {
  inBothStyles('gives all values when the channel is closed, and not before', function* (style) {
    const ch = chan<number>()
    const all = waiting(style, () => collect(ch))
    for (const n of [1, 2, 3]) yield* on(ch.send(n))
    yield* on(idle())
    expect(all.state).toBe('pending')
    ch.close()
    yield* on(idle())
    expect(all.value).toEqual([1, 2, 3])
  })

  inBothStyles('of what is there gives it without waiting', function* () {
    const before = numGoroutine()
    expect(yield* on(collect(fromIterable(upTo(1000))))).toEqual(upTo(1000))
    expect(numGoroutine()).toBe(before)
  })

  inBothStyles('shares the values with others who read', function* (style) {
    const ch = chan<number>()
    const all = [waiting(style, () => collect(ch)), waiting(style, () => collect(ch))]
    yield* on(idle())
    for (const n of upTo(6)) yield* on(ch.send(n))
    ch.close()
    yield* on(idle())
    expect(all.flatMap(({ value }) => value).sort()).toEqual(upTo(6))
  })

  inBothStyles('throws when its context ends, and what it reads from ends', function* (style) {
    const ctx = withCancel(background())
    const source = new TrackedSource(upTo(3))
    const numbers = map(fromIterable(source), (n) => (n === 3 ? new Promise<number>(() => {}) : n))
    const all = waiting(style, () => collect(numbers, ctx))
    yield* on(idle())
    ctx.cancel()
    yield* on(idle())
    expect(all.error).toBeInstanceOf(ContextCanceledError)
    expect(source.returned).toBe(1)
    expect(numbers.tryReceive()).toEqual({ value: undefined, ok: false })
  })

  inBothStyles('under a context that has ended takes nothing, and ends the pipeline all the same', function* (style) {
    const ctx = withCancel(background())
    ctx.cancel()
    const source = new TrackedSource(upTo(3))
    const ch = chan<number>(1)
    yield* on(ch.send(1))
    const all = [waiting(style, () => collect(fromIterable(source), ctx)), waiting(style, () => collect(ch, ctx))]
    yield* on(idle())
    for (const { error } of all) expect(error).toBeInstanceOf(ContextCanceledError)
    expect([source.read, source.returned, ch.length]).toEqual([0, 1, 1])
    expect(ch.trySend(2)).toBe(false)
  })

  test('under a signal that aborts throws with its reason, and leaves the channel', async () => {
    const controller = new AbortController()
    const ch = chan<number>()
    const all = collect(ch, controller.signal)
    await ch.send(1)
    controller.abort('enough')
    await expect(all).rejects.toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'enough' })
    expect(ch.trySend(2)).toBe(false)
  })

  test('of what its own context has ended throws, and gives no part for the whole', async () => {
    const ctx = withCancel(background())
    const numbers = map(fromIterable(upTo(9)), (n) => {
      if (n === 5) ctx.cancel()
      return n
    })
    await expect(collect(filter(numbers, () => true, ctx))).rejects.toBeInstanceOf(ContextCanceledError)
  })

  test('of orDone gives what came until the context ended, whatever else ended with it', async () => {
    for (const isBlocked of [true, false]) {
      const ctx = withCancel(background())
      const ch = chan<number>(9)
      await ch.sendMany([1, 2, 3])
      const numbers = map(
        ch,
        (n) => {
          if (n === 3 && !isBlocked) ctx.cancel()
          return n
        },
        ctx,
      )
      const all = collect(orDone(numbers, ctx))
      await idle()
      ctx.cancel()
      expect(await all, isBlocked ? 'blocked' : 'in a call').toEqual(isBlocked ? [1, 2, 3] : [1, 2])
    }
  })

  test('of orDone throws what another context has ended', async () => {
    const [mine, other] = [withCancel(background()), withCancel(background())]
    const all = collect(
      orDone(
        map(chan<number>(), (n) => n, other),
        mine,
      ),
    )
    other.cancel()
    await expect(all).rejects.toBeInstanceOf(ContextCanceledError)
  })
})

describe('forEach', () => {
  test('by a goroutine that was killed before reads nothing, and is no reader', async () => {
    const source = new TrackedSource(upTo(3))
    const stage = fromIterable(source)
    const killed = go(function* () {
      killed.kill()
      yield* forEach(stage, () => {})
    })
    await expect(killed.join()).rejects.toMatchObject({ code: 'ERR_KILLED' })
    expect(source.read).toBe(0)
    for await (const value of stage) if (value === 1) break // the last reader leaves
    expect(stage.tryReceive()).toEqual({ value: undefined, ok: false })
  })

  test('calls with each value, one after the other', async () => {
    const log: string[] = []
    await forEach(fromIterable(upTo(3)), async (n) => {
      log.push(`begins ${n}`)
      await gosched()
      log.push(`ends ${n}`)
    })
    expect(log).toEqual(['begins 1', 'ends 1', 'begins 2', 'ends 2', 'begins 3', 'ends 3'])
  })

  test('calls so many at a time, in any style', async () => {
    for (const style of ['async', 'generator'] as const) {
      let [running, most, total] = [0, 0, 0]
      const enter = (): void => {
        most = Math.max(most, ++running)
      }
      const fn =
        style === 'async'
          ? async (n: number) => {
              enter()
              await gosched()
              total += n
              running--
            }
          : function* (n: number) {
              enter()
              yield* gosched()
              total += n
              running--
            }
      expect(await forEach(fromIterable(upTo(20)), fn, { concurrency: 3 })).toBeUndefined()
      expect([most, total], style).toEqual([3, 210])
    }
  })

  test('throws the first error; the others’ context ends, and nothing more is read', async () => {
    const source = new TrackedSource(upTo(9))
    const errors: unknown[] = []
    const all = forEach(
      fromIterable(source),
      async (n, ctx) => {
        if (n === 2) throw new Error('two')
        await ctx.done.receive()
        errors.push(ctx.err?.message)
      },
      { concurrency: 3 },
    )
    await expect(all).rejects.toThrow('two')
    await idle()
    expect([source.read, source.returned, errors]).toEqual([3, 1, ['context canceled', 'context canceled']])
  })

  test('throws when its context ends, and ends the calls’', async () => {
    const ctx = withCancel(background())
    let ended = 0
    const all = forEach(
      fromIterable(upTo(3)),
      async (_, own) => {
        await own.done.receive()
        ended++
      },
      { ctx, concurrency: 2 },
    )
    await idle()
    ctx.cancel()
    await expect(all).rejects.toBeInstanceOf(ContextCanceledError)
    await idle()
    expect(ended).toBe(2)
  })
})

describe('reduce', () => {
  test('makes one value of all, from the initial one on, in order', async () => {
    expect(await reduce(fromIterable('abc'), (text, letter) => text + letter, '>')).toBe('>abc')
    expect(await reduce(fromIterable('abc'), async (text, letter) => text + letter, '>')).toBe('>abc')
    expect(
      await reduce(
        fromIterable('abc'),
        function* (text: string, letter) {
          yield* gosched()
          return text + letter
        },
        '>',
      ),
    ).toBe('>abc')
    expect(await reduce(fromIterable<number>([]), (sum, n) => sum + n, 7)).toBe(7)
  })

  test('throws what its function throws, and reads no further', async () => {
    const source = new TrackedSource(upTo(9))
    const folded = reduce(
      fromIterable(source),
      (sum, n) => {
        if (n === 3) throw new Error(`at ${sum}`)
        return sum + n
      },
      0,
    )
    await expect(folded).rejects.toThrow('at 3')
    await idle()
    expect([source.read, source.returned]).toEqual([3, 1])
  })

  test('throws when its context ends', async () => {
    const ctx = withCancel(background())
    const folded = reduce(chan<number>(), (sum, n) => sum + n, 0, ctx)
    ctx.cancel()
    await expect(folded).rejects.toBeInstanceOf(ContextCanceledError)
    await expect(reduce(chan<number>(), (sum, n) => sum + n, 0, ctx)).rejects.toBeInstanceOf(ContextCanceledError)
  })
})

describe('pipeline', () => {
  test('is the last of its stages, of the last but one, and so on to the source', async () => {
    const double = (ch: Parameters<typeof collect<number>>[0]) => map(ch, (n) => n * 2)
    expect(await pipeline([1, 2, 3], collect)).toEqual([1, 2, 3])
    expect(await pipeline([1, 2, 3], double, collect)).toEqual([2, 4, 6])
    expect(await collect(pipeline([1, 2, 3], double, double, double, double, double, double, double, double))).toEqual([
      256, 512, 768,
    ])
  })

  test('begins with a channel, or anything to iterate', async () => {
    const ch = chan<number>(1)
    ch.trySend(1)
    ch.close()
    async function* later(): AsyncGenerator<number> {
      yield 1
    }
    for (const source of [ch, [1], new Set([1]), later(), fromIterable([1]), generate(() => [1])]) {
      expect(await pipeline(source, (numbers) => take(numbers, 5), collect)).toEqual([1])
    }
    expect(pipeline(ch)).toBe(ch)
  })

  test('the last stage may return anything', () => {
    expect(pipeline([1], () => 'anything')).toBe('anything')
  })
})
