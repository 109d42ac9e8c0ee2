// To and from Node's streams: values, backpressure, errors and ends, both ways.
import { Readable, Transform, Writable } from 'node:stream'
import { finished, pipeline as pipe } from 'node:stream/promises'
import { createGzip, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { background, ContextCanceledError, chan, withCancel } from 'warren'
import { cause } from 'warren/context'
import { collect, fromIterable, fromNodeReadable, generate, map, take, toNodeReadable } from 'warren/pipeline'
import { expectNoWaiters } from '../support/kinds.ts'
import { expectHoldsNothing } from '../support/scopes.ts'
import { TrackedAsyncSource, TrackedSource, upTo } from '../support/stages.ts'
import { idle, Outcome } from '../support/styles.ts'

async function read(stream: Readable): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const value of stream) values.push(value)
  return values
}

/** A Readable that counts what is read of it. */
class Counted extends Readable {
  read_ = 0
  readonly #values: readonly unknown[]

  constructor(values: readonly unknown[], highWaterMark = 1) {
    super({ objectMode: true, highWaterMark })
    this.#values = values
  }

  override _read(): void {
    this.push(this.read_ === this.#values.length ? null : this.#values[this.read_++])
  }
}

describe('toNodeReadable', () => {
  test('gives all values, and the end', async () => {
    const values = [1, 'two', { three: 3 }, Number.NaN, false, '', 0]
    expect(await read(toNodeReadable(fromIterable(values)))).toEqual(values)
    expect(await read(toNodeReadable(fromIterable([])))).toEqual([])
    const later = toNodeReadable(fromIterable(new TrackedAsyncSource(upTo(40))))
    expect(await read(later)).toEqual(upTo(40))
  })

  test('carries bytes where it is told to', async () => {
    const stream = toNodeReadable(fromIterable([Buffer.from('some '), Buffer.from('text')]), { objectMode: false })
    expect(stream.readableObjectMode).toBe(false)
    expect(Buffer.concat((await read(stream)) as Buffer[]).toString()).toBe('some text')
    const zipped = toNodeReadable(fromIterable([Buffer.from('text')]), { objectMode: false }).pipe(createGzip())
    expect(gunzipSync(Buffer.concat((await read(zipped)) as Buffer[])).toString()).toBe('text')
  })

  for (const highWaterMark of [1, 2, 5]) {
    test(`reads ahead as far as its highWaterMark of ${highWaterMark}`, async () => {
      const source = new TrackedSource(upTo(99))
      const stream = toNodeReadable(fromIterable(source), { highWaterMark })
      await idle()
      expect(source.read).toBe(0)
      stream.read(0)
      for (let i = 0; i < 10; i++) await idle()
      expect([source.read, stream.readableLength]).toEqual([highWaterMark, highWaterMark])
      expect(stream.read()).toBe(1)
      for (let i = 0; i < 10; i++) await idle()
      expect(source.read).toBeLessThanOrEqual(highWaterMark + 1)
      stream.destroy()
    })
  }

  test('a slow writer holds up the source', async () => {
    const source = new TrackedSource(upTo(50))
    let written = 0
    let most = 0
    const writer = new Writable({
      objectMode: true,
      highWaterMark: 2,
      write(_, __, done) {
        written++
        most = Math.max(most, source.read - written)
        setImmediate(done)
      },
    })
    await pipe(toNodeReadable(fromIterable(source), { highWaterMark: 3 }), writer)
    expect(written).toBe(50)
    expect(most).toBeLessThanOrEqual(3 + 2)
  })

  test('an error of the pipeline destroys it', async () => {
    const error = new Error('third')
    const numbers = map(fromIterable(upTo(5)), (n) => {
      if (n === 3) throw error
      return n
    })
    const stream = toNodeReadable(numbers, { highWaterMark: 1 })
    const got: unknown[] = []
    const reading = (async () => {
      for await (const n of stream) got.push(n)
    })()
    await expect(reading).rejects.toBe(error)
    expect(got.length).toBeLessThanOrEqual(2)
    expect(stream.destroyed).toBe(true)
  })

  test('destroying it ends what it reads from, with the error', async () => {
    for (const error of [undefined, new Error('enough')]) {
      let reason: unknown
      const numbers = generate<number>(async (out, ctx) => {
        await out.send(1)
        await ctx.done.receive()
        reason = cause(ctx)
      })
      const stream = toNodeReadable(numbers)
      stream.on('error', () => {})
      stream.read(0)
      await idle()
      stream.destroy(error)
      await idle()
      if (error === undefined) expect(reason).toBeInstanceOf(ContextCanceledError)
      else expect(reason).toBe(error)
      expect(await numbers.next()).toEqual({ value: undefined, done: true })
    }
  })

  test('destroying it takes nothing more from an ordinary channel', async () => {
    const ch = chan<number>()
    const stream = toNodeReadable(ch)
    stream.read(0)
    await idle()
    stream.destroy()
    await idle()
    expect(ch.trySend(1)).toBe(false)
    expectNoWaiters(ch)
  })

  test('leaving a loop over it ends the source', async () => {
    const source = new TrackedSource(upTo(99))
    for await (const n of toNodeReadable(fromIterable(source), { highWaterMark: 1 })) if (n === 2) break
    await idle()
    expect(source.returned).toBe(1)
    expect(source.read).toBeLessThanOrEqual(4)
  })

  test('null and undefined, which it cannot carry, destroy it', async () => {
    for (const value of [null, undefined]) {
      const source = new TrackedSource<unknown>([1, value, 2])
      await expect(read(toNodeReadable(fromIterable(source)))).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      await idle()
      expect(source.returned).toBe(1)
    }
  })

  test('a stage that its context has ended destroys it: no part for the whole', async () => {
    const ctx = withCancel(background())
    const all = read(toNodeReadable(map(chan<number>(), (n) => n, ctx)))
    await idle()
    ctx.cancel()
    await expect(all).rejects.toBeInstanceOf(ContextCanceledError)
  })
})

describe('fromNodeReadable', () => {
  test('gives all chunks, and the end', async () => {
    expect(await collect(fromNodeReadable(Readable.from(upTo(50))))).toEqual(upTo(50))
    expect(await collect(fromNodeReadable(Readable.from([])))).toEqual([])
    const bytes = await collect(fromNodeReadable<Buffer>(Readable.from([Buffer.from('ab'), Buffer.from('c')])))
    expect(Buffer.concat(bytes).toString()).toBe('abc')
  })

  test('reads when it is asked, and no further ahead than one and the stream’s own buffer', async () => {
    const stream = new Counted(upTo(99), 2)
    const stage = fromNodeReadable<number>(stream)
    await idle()
    expect(stream.read_).toBe(0)
    expect(await stage.receive()).toBe(1)
    for (let i = 0; i < 5; i++) await idle()
    expect(stream.read_).toBeLessThanOrEqual(1 + 1 + 2 + 1)
    expect(await stage.receive()).toBe(2)
    stream.destroy()
  })

  test('an error of the stream is the reader’s', async () => {
    const error = new Error('broken')
    const stream = new Counted(upTo(9))
    const stage = fromNodeReadable<number>(stream)
    expect(await stage.receive()).toBe(1)
    stream.destroy(error)
    await expect(collect(stage)).rejects.toBe(error)
  })

  test('an error before anybody has asked is the reader’s too', async () => {
    const error = new Error('no such file')
    const stream = new Counted(upTo(9))
    const stage = fromNodeReadable<number>(stream)
    stream.destroy(error)
    await idle()
    await expect(collect(stage)).rejects.toBe(error)
  })

  test('ending the stage destroys the stream: by its context, or by leaving it', async () => {
    const ctx = withCancel(background())
    const streams = [new Counted(upTo(9)), new Counted(upTo(9)), new Counted(upTo(9)), new Counted(upTo(9))] as const
    const stage = fromNodeReadable<number>(streams[0], ctx)
    await stage.receive()
    const untouched = fromNodeReadable<number>(streams[3], ctx)
    ctx.cancel()
    for await (const n of fromNodeReadable<number>(streams[1])) if (n === 2) break
    expect(await collect(take(fromNodeReadable(streams[2]), 2))).toEqual([1, 2])
    await idle()
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true, true, true])
    expect(await untouched.next()).toEqual({ value: undefined, done: true })
    expectHoldsNothing(ctx)
  })

  test('one that waits for a chunk ends with its context at once', async () => {
    const ctx = withCancel(background())
    const stream = new Readable({ read() {} })
    const next = new Outcome(fromNodeReadable(stream, ctx).next())
    await idle()
    expect(next.state).toBe('pending')
    ctx.cancel()
    await idle()
    expect([next.value, stream.destroyed]).toEqual([{ value: undefined, done: true }, true])
  })

  test('there and back again, through a Transform', async () => {
    const double = new Transform({ objectMode: true, transform: (n: number, _, done) => done(null, n * 2) })
    const stream = toNodeReadable(fromIterable(upTo(100))).pipe(double)
    expect(await collect(fromNodeReadable(stream))).toEqual(upTo(100).map((n) => n * 2))
    await finished(double)
  })
})
