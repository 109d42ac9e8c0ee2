import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { background, type Chan, type Context, chan, go, gosched, withCancel } from 'warren'
import { inOrder } from '../../examples/digest/ordered.ts'

function numbers(n: number): Chan<number> {
  const source = chan<number>()
  go(function* () {
    for (let i = 0; i < n; i++) yield* source.send(i)
    source.close()
  })
  return source
}

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of results) values.push(value)
  return values
}

async function turns(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await gosched()
}

describe('inOrder', () => {
  test('keeps the order of the source and the bound of the window, whatever finishes first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 12 }),
        async (delays, jobs, window) => {
          const results = chan<number>()
          let working = 0
          let inFlight = 0
          const work = async (i: number): Promise<number> => {
            expect(++working).toBeLessThanOrEqual(jobs)
            expect(++inFlight).toBeLessThanOrEqual(window)
            await turns(delays[i] ?? 0)
            working--
            return i
          }
          const stage = go(() => inOrder(numbers(delays.length), results, work, { jobs, window }))
          const received: number[] = []
          for await (const i of results) {
            inFlight--
            received.push(i)
            await turns(i % 3)
          }
          await stage.join()
          expect(received).toEqual(delays.map((_, i) => i))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('begins exactly a window of values while the first one is slow', async () => {
    const gate = chan<never>()
    const begun = chan<number>(1000)
    const results = chan<number>()
    const work = async (i: number): Promise<number> => {
      begun.trySend(i)
      if (i === 0) await gate.receive()
      return i
    }
    const stage = go(() => inOrder(numbers(1000), results, work, { jobs: 4, window: 16 }))
    const first: number[] = []
    while (first.length < 16) first.push((await begun.receive()) as number)
    await turns(1000)
    expect(first).toEqual(Array.from({ length: 16 }, (_, i) => i))
    expect(begun.length).toBe(0)
    gate.close()
    expect(await all(results)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    await stage.join()
  })

  test('ends with the error of the work, cancels the other work and closes the results', async () => {
    const results = chan<number>()
    const cancelled: number[] = []
    const work = async (i: number, ctx: Context): Promise<number> => {
      if (i === 3) throw new RangeError('three')
      if (i < 3) return i
      await ctx.done.next()
      cancelled.push(i)
      return i
    }
    const stage = go(() => inOrder(numbers(100), results, work, { jobs: 3, window: 50 }))
    const failed = expect(stage.join()).rejects.toThrow(new RangeError('three'))
    const received = await all(results)
    await failed
    expect(received).toEqual([0, 1, 2].slice(0, received.length))
    expect(cancelled.every((i) => i > 3)).toBe(true)
  })

  test('ends when its context is cancelled, and what was sent is the beginning of the whole', async () => {
    const ctx = withCancel(background())
    const source = chan<number>()
    const results = chan<number>()
    const endless = go(async () => {
      for (let i = 0; ; i++) await source.send(i, ctx)
    })
    const stage = go(() => inOrder(source, results, async (i) => i, { jobs: 4, window: 8 }, ctx))
    const ended = Promise.allSettled([stage.join(), endless.join()])
    const received: number[] = []
    for await (const i of results) {
      received.push(i)
      if (i === 20) ctx.cancel()
    }
    expect(await ended).toMatchObject([
      { status: 'rejected', reason: { code: 'ERR_CONTEXT_CANCELED' } },
      { status: 'rejected', reason: { code: 'ERR_CONTEXT_CANCELED' } },
    ])
    expect(received).toEqual(received.map((_, i) => i))
    expect(received.length).toBeGreaterThanOrEqual(21)
  })

  test('closes the results of an empty source at once', async () => {
    const results = chan<number>()
    const stage = go(() => inOrder(numbers(0), results, async (i) => i, { jobs: 4, window: 8 }))
    expect(await all(results)).toEqual([])
    await stage.join()
  })
})
