// To and from web streams: values, backpressure, errors and ends, both ways.
import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, chan, withCancel } from 'warren'
import { cause } from 'warren/context'
import { collect, fromIterable, fromReadableStream, generate, map, take, toReadableStream } from 'warren/pipeline'
import { expectNoWaiters } from '../support/kinds.ts'
import { expectHoldsNothing } from '../support/scopes.ts'
import { TrackedAsyncSource, TrackedSource, upTo } from '../support/stages.ts'
import { idle, Outcome } from '../support/styles.ts'

async function read<T>(stream: ReadableStream<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of stream as unknown as AsyncIterable<T>) values.push(value)
  return values
}

/** A stream that counts what is pulled from it, and how it was cancelled. */
function counted(values: readonly unknown[], highWaterMark = 0) {
  const seen: { pulled: number; cancelled: unknown[]; stream: ReadableStream<unknown> | null } = {
    pulled: 0,
    cancelled: [],
    stream: null,
  }
  let index = 0
  const stream = new ReadableStream<unknown>(
    {
      pull(controller) {
        if (index === values.length) return controller.close()
        seen.pulled++
        return controller.enqueue(values[index++])
      },
      cancel: (reason) => void seen.cancelled.push(reason),
    },
    { highWaterMark },
  )
  return { seen, stream }
}

describe('toReadableStream', () => {
  test('gives all values, of any type, and the end', async () => {
    const values = [1, 'two', undefined, null, { three: 3 }, new Uint8Array([4]), Number.NaN]
    expect(await read(toReadableStream(fromIterable(values)))).toEqual(values)
    expect(await read(toReadableStream(fromIterable([])))).toEqual([])
    const closed = chan<number>(1)
    closed.trySend(1)
    closed.close()
    expect(await read(toReadableStream(closed))).toEqual([1])
  })

  test('reads when it is read, and nothing ahead', async () => {
    const source = new TrackedSource(upTo(9))
    const reader = toReadableStream(fromIterable(source)).getReader()
    await idle()
    expect(source.read).toBe(0)
    for (const n of [1, 2, 3]) {
      expect(await reader.read()).toEqual({ value: n, done: false })
      await idle()
      expect(source.read).toBe(n)
    }
  })

  test('an error of the pipeline is the stream’s, behind what came before', async () => {
    const error = new Error('third')
    const stream = toReadableStream(
      map(fromIterable(upTo(5)), (n) => {
        if (n === 3) throw error
        return n
      }),
    )
    const reader = stream.getReader()
    expect([(await reader.read()).value, (await reader.read()).value]).toEqual([1, 2])
    await expect(reader.read()).rejects.toBe(error)
    await expect(reader.closed).rejects.toBe(error)
  })

  test('cancelling it ends what it reads from, with the reason', async () => {
    let reason: unknown
    const numbers = generate<number>(async (out, ctx) => {
      await out.send(1)
      await ctx.done.receive()
      reason = cause(ctx)
    })
    const reader = toReadableStream(numbers).getReader()
    await reader.read()
    await reader.cancel('enough')
    await idle()
    expect(reason).toBe('enough')
    expect(await numbers.next()).toEqual({ value: undefined, done: true })
  })

  test('cancelling it while it is read, also', async () => {
    const source = new TrackedSource([1, 2])
    const stage = map(fromIterable(source), (n) => (n === 2 ? new Promise<number>(() => {}) : n))
    const reader = toReadableStream(stage).getReader()
    await reader.read()
    const second = new Outcome(reader.read())
    await idle()
    await reader.cancel()
    await idle()
    expect([second.value, source.returned]).toEqual([{ value: undefined, done: true }, 1])
  })

  test('cancelling it takes nothing more from an ordinary channel', async () => {
    for (const isWaiting of [true, false]) {
      const ch = chan<number>()
      const reader = toReadableStream(ch).getReader()
      if (isWaiting) void reader.read()
      await idle()
      await reader.cancel()
      expect(ch.trySend(1)).toBe(false)
      expectNoWaiters(ch)
    }
  })

  test('a stage that its context has ended errors the stream: no part for the whole', async () => {
    const ctx = withCancel(background())
    const stream = toReadableStream(map(chan<number>(), (n) => n, ctx))
    const all = read(stream)
    await idle()
    ctx.cancel()
    await expect(all).rejects.toBeInstanceOf(ContextCanceledError)
  })

  test('leaving a loop over it ends the source', async () => {
    const source = new TrackedSource(upTo(9))
    for await (const n of toReadableStream(fromIterable(source)) as unknown as AsyncIterable<number>) if (n === 2) break
    await idle()
    expect(source).toMatchObject({ read: 2, returned: 1 })
  })

  test('can be piped, and teed', async () => {
    const doubled = toReadableStream(fromIterable(upTo(4))).pipeThrough(
      new TransformStream<number, number>({ transform: (n, controller) => controller.enqueue(n * 2) }),
    )
    expect(await read(doubled)).toEqual([2, 4, 6, 8])
    const [one, other] = toReadableStream(fromIterable(upTo(4))).tee()
    expect(await Promise.all([read(one), read(other)])).toEqual([upTo(4), upTo(4)])
    expect(await new Response(toReadableStream(fromIterable([new TextEncoder().encode('text')]))).text()).toBe('text')
  })
})

describe('fromReadableStream', () => {
  test('gives all chunks, of any type, and the end', async () => {
    const values = [1, 'two', null, undefined, { three: 3 }]
    expect(await collect(fromReadableStream(counted(values).stream))).toEqual(values)
    const bytes = await collect(fromReadableStream(new Blob(['some ', 'text']).stream()))
    expect(new TextDecoder().decode(Buffer.concat(bytes))).toBe('some text')
  })

  test('reads when it is asked, and then one ahead', async () => {
    const { seen, stream } = counted(upTo(9))
    const stage = fromReadableStream(stream)
    await idle()
    expect(seen.pulled).toBe(0)
    for (const n of [1, 2, 3]) {
      expect(await stage.receive()).toBe(n)
      await idle()
      expect(seen.pulled).toBe(n + 1)
    }
  })

  test('an error of the stream is the reader’s', async () => {
    const error = new Error('broken')
    const stage = fromReadableStream(
      new ReadableStream<number>({
        start: (controller) => controller.enqueue(1),
        pull: () => Promise.reject(error),
      }),
    )
    expect(await stage.receive().catch((caught: unknown) => caught)).toSatisfy((got) => got === 1 || got === error)
    await expect(collect(stage)).rejects.toBe(error)
  })

  test('ending the stage cancels the stream: by its context, or by leaving it', async () => {
    const ctx = withCancel(background())
    const [one, other, third] = [counted(upTo(9)), counted(upTo(9)), counted(upTo(9))]
    const stage = fromReadableStream(one.stream, ctx)
    await stage.receive()
    ctx.cancel()
    for await (const n of fromReadableStream(other.stream)) if (n === 2) break
    expect(await collect(take(fromReadableStream(third.stream), 2))).toEqual([1, 2])
    await idle()
    expect([one.seen.cancelled.length, other.seen.cancelled.length, third.seen.cancelled.length]).toEqual([1, 1, 1])
    expectHoldsNothing(ctx)
  })

  test('a stream that ends by itself is not cancelled', async () => {
    const { seen, stream } = counted(upTo(3))
    await collect(fromReadableStream(stream))
    await idle()
    expect(seen.cancelled).toEqual([])
  })

  test('one that is locked cannot be read', () => {
    const { stream } = counted([1])
    stream.getReader()
    expect(() => fromReadableStream(stream)).toThrow(TypeError)
  })

  test('there and back again, with backpressure from end to end', async () => {
    const source = new TrackedAsyncSource(upTo(20))
    const stream = toReadableStream(
      map(fromReadableStream(toReadableStream(fromIterable(source))), (n) => Number(n) * 2),
    )
    const reader = stream.getReader()
    await reader.read()
    await idle()
    // One ahead for each thing that is read by promises.
    expect(source.read).toBeLessThanOrEqual(3)
    await reader.cancel()
    await idle()
    expect(source.returned).toBe(1)
  })
})
