import { describe, expect, test } from 'vitest'
import { background, chan, go, type ReceiveChan, sleep, withCancel } from 'warren'
import { bridge, collect, flatMap, fromIterable, map, take } from 'warren/pipeline'
import { bubble } from 'warren/testing'

describe('flatMap', () => {
  test('gives the values of arrays, strings, generators, async generators and channels, one after the other', async () => {
    const ready = chan<number>(1)
    ready.trySend(5)
    ready.close()
    const sources = [
      [1, 2],
      '',
      (function* () {
        yield 3
      })(),
      (async function* () {
        yield 4
      })(),
      ready,
    ]
    expect(await collect(flatMap(fromIterable(sources), (source) => source as Iterable<number>))).toEqual([
      1, 2, 3, 4, 5,
    ])
  })

  test('a generator function yields values, and an async function may return a source', async () => {
    const twice = flatMap(fromIterable([1, 2]), function* (n) {
      yield n
      yield n * 10
    })
    expect(await collect(twice)).toEqual([1, 10, 2, 20])
    expect(await collect(flatMap(fromIterable([1, 2]), async (n) => [n, n]))).toEqual([1, 1, 2, 2])
  })

  for (const [name, make] of [
    ['flatMap', flatMap],
    ['bridge', (...args: Parameters<typeof map<number, ReceiveChan<number>>>) => bridge(map(...args))],
  ] as const) {
    test(
      `an error ahead of a source that has the context is not taken for its end: ${name}`,
      bubble(async () => {
        const boom = new Error('boom')
        const sources = () =>
          make(fromIterable([1, 2]), async (n, ctx) => {
            await sleep(5, ctx)
            if (n === 2) throw boom
            const inner = withCancel(ctx)
            return map(fromIterable([1, 2, 3]), (i) => sleep(4, inner).then(() => i), inner)
          })
        const seen: number[] = []
        const loop = async (): Promise<void> => {
          for await (const value of sources()) seen.push(value)
        }
        await expect(loop()).rejects.toBe(boom)
        expect(seen).toEqual([1])
        await expect(collect(sources())).rejects.toBe(boom)
      }),
    )
  }

  test('generators are told when the reader leaves, and no further source is opened', async () => {
    const opened: number[] = []
    let isClosed = false
    const values = flatMap(fromIterable([1, 2, 3]), function* (n) {
      opened.push(n)
      try {
        for (;;) yield n
      } finally {
        isClosed = true
      }
    })
    expect(await collect(take(values, 3))).toEqual([1, 1, 1])
    await sleep(0)
    expect({ opened, isClosed }).toEqual({ opened: [1], isClosed: true })
  })

  test(
    'ends with its context in the middle of a source, in a generator goroutine too',
    bubble(async () => {
      const ctx = withCancel(background())
      const silent = chan<number>()
      const values = flatMap(fromIterable([silent]), (ch) => ch, { ctx })
      const reader = go(function* () {
        return yield* collect(values)
      })
      await sleep(10)
      ctx.cancel()
      await expect(reader.join()).rejects.toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
    }),
  )

  test('an error of the function, of a source, or of what is none reaches the reader', async () => {
    const thrown = flatMap(fromIterable([1]), (): number[] => {
      throw new Error('no source')
    })
    await expect(collect(thrown)).rejects.toThrow('no source')
    const failing = flatMap(fromIterable([1]), function* (): Generator<number> {
      yield 1
      throw new Error('in the middle')
    })
    await expect(collect(failing)).rejects.toThrow('in the middle')
    await expect(collect(flatMap(fromIterable([1]), () => 7 as never))).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    })
    expect(() => flatMap(fromIterable([1]), 'no function' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
  })
})
