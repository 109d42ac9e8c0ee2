// What pipelines begin with: iterables, functions, values over and over.
import { describe, expect, test } from 'vitest'
import {
  background,
  chan,
  go,
  goexit,
  gosched,
  numGoroutine,
  type ReceiveChan,
  type SendChan,
  withCancel,
} from 'warren'
import { cause } from 'warren/context'
import { collect, fromIterable, generate, repeat, repeatFn, take } from 'warren/pipeline'
import { TrackedAsyncSource, TrackedSource, upTo } from '../support/stages.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'

describe('fromIterable', () => {
  test('gives the values of any iterable, in order', async () => {
    async function* later(): AsyncGenerator<number> {
      yield* [1, 2, 3]
    }
    const sources = [
      [1, 2, 3],
      new Set([1, 2, 3]),
      new Map([
        [1, 0],
        [2, 0],
        [3, 0],
      ]).keys(),
      later(),
      fromIterable([1, 2, 3]),
    ]
    for (const source of sources) expect(await collect(fromIterable<number>(source))).toEqual([1, 2, 3])
    expect(await collect(fromIterable('añ😀'))).toEqual(['a', 'ñ', '😀'])
    expect(await collect(fromIterable([]))).toEqual([])
  })

  test('of a channel reads to its end', async () => {
    const ch = chan<number>(3)
    ch.trySend(1)
    ch.close()
    expect(await collect(fromIterable(ch))).toEqual([1])
  })

  test('reads when it is asked: nothing ahead, and with capacity so many', async () => {
    const lazy = new TrackedSource(upTo(9))
    const stage = fromIterable(lazy)
    const eager = new TrackedSource(upTo(9))
    const buffered = fromIterable(eager, { capacity: 4 })
    await idle()
    expect([lazy.read, eager.read, buffered.length]).toEqual([0, 4, 4])
    await stage.receive()
    await buffered.receive()
    await idle()
    expect([lazy.read, eager.read]).toEqual([1, 5])
  })

  test('of an async iterable reads one ahead, from the first time that it is asked', async () => {
    const source = new TrackedAsyncSource(upTo(9))
    const stage = fromIterable(source)
    await idle()
    expect(source.read).toBe(0)
    expect(await stage.receive()).toBe(1)
    await idle()
    expect(source.read).toBe(2)
    expect(await stage.receive()).toBe(2)
    await idle()
    expect(source.read).toBe(3)
  })

  test('has one read under way at a time, whatever is asked meanwhile', async () => {
    let running = 0
    let most = 0
    const stage = fromIterable(
      (() => {
        let n = 0
        return {
          [Symbol.asyncIterator]: () => ({
            async next() {
              most = Math.max(most, ++running)
              await gosched()
              running--
              return n < 20 ? { value: n++, done: false as const } : { value: undefined, done: true as const }
            },
          }),
        }
      })() as AsyncIterable<number>,
    )
    const got = await Promise.all(Array.from({ length: 20 }, () => stage.receive()))
    expect([got, most]).toEqual([upTo(20).map((n) => n - 1), 1])
  })

  test('fails with an async iterable that gives no iterator results', async () => {
    for (const wrong of [undefined, null, 7]) {
      const values = { [Symbol.asyncIterator]: () => ({ next: async () => wrong }) }
      const failed = collect(fromIterable(values as never))
      await expect(failed).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    }
  })

  test('gives a promise in an iterable as the value that it is', async () => {
    const promise = Promise.resolve(1)
    expect((await fromIterable([promise]).next()).value).toBe(promise)
  })

  for (const [name, make] of [
    ['an iterable', () => new TrackedSource(upTo(5))],
    ['an async iterable', () => new TrackedAsyncSource(upTo(5))],
  ] as const) {
    test(`tells ${name} that nobody reads on, once, and not when it has ended by itself`, async () => {
      const [read, left, untouched, cancelled] = [make(), make(), make(), make()]
      await collect(fromIterable<number>(read))
      for await (const value of fromIterable<number>(left)) if (value === 2) break
      void fromIterable<number>(untouched)[Symbol.asyncIterator]().return?.()
      const ctx = withCancel(background())
      const stage = fromIterable<number>(cancelled, ctx)
      await stage.receive()
      ctx.cancel()
      ctx.cancel()
      await idle()
      expect([read.returned, left.returned, untouched.returned, cancelled.returned]).toEqual([0, 1, 1, 1])
    })

    test(`tells ${name} at once when the context has ended before`, async () => {
      const ctx = withCancel(background())
      ctx.cancel()
      const source = make()
      expect(await fromIterable<number>(source, ctx).next()).toEqual({ value: undefined, done: true })
      await idle()
      expect([source.read, source.returned]).toEqual([0, 1])
    })
  }

  test('what the iterable throws goes to the reader, and it is not told to stop', async () => {
    for (const make of [failing, failingLater]) {
      const source = make()
      const stage = fromIterable<number>(source)
      expect(await stage.receive()).toBe(1)
      await expect(stage.receive()).rejects.toThrow('no second')
      await expect(stage.receive()).rejects.toThrow('no second')
      await idle()
      expect(source.returned).toBe(0)
    }
  })

  test('an iterable that ends its own context is told to stop all the same', async () => {
    for (const isAsync of [false, true]) {
      const ctx = withCancel(background())
      let ended = 0
      const source = {
        next: () => {
          ctx.cancel()
          const result = { value: 1, done: false }
          return isAsync ? Promise.resolve(result) : result
        },
        return: () => {
          ended++
          return { value: undefined, done: true }
        },
      }
      const key = isAsync ? Symbol.asyncIterator : Symbol.iterator
      const stage = fromIterable<number>({ [key]: () => source } as unknown as Iterable<number>, ctx)
      expect(await stage.next()).toEqual({ value: undefined, done: true })
      await idle()
      expect(ended, isAsync ? 'async' : 'sync').toBe(1)
    }
  })

  test('an error in being told to stop is nobody’s', async () => {
    const throws = (): never => {
      throw new Error('from return')
    }
    const one = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return: throws }) }
    const two = { [Symbol.asyncIterator]: () => ({ next: async () => ({ value: 1, done: false }), return: throws }) }
    for (const source of [one, two]) expect(await collect(take(fromIterable<number>(source), 1))).toEqual([1])
    await idle()
  })

  test('an iterable that reads its own stage waits for itself, and nothing breaks', async () => {
    const seen: unknown[] = []
    const all: ReceiveChan<number>[] = []
    const stage = fromIterable(
      (function* () {
        for (let n = 0; n < 3; n++) {
          seen.push(all[0]!.tryReceive())
          yield n
        }
      })(),
    )
    all.push(stage)
    expect(await collect(stage)).toEqual([0, 1, 2])
    expect(seen).toEqual([undefined, undefined, undefined])
  })
})

function failing(): Iterable<number> & { returned: number } {
  let n = 0
  return {
    returned: 0,
    [Symbol.iterator]() {
      return {
        next: () => {
          if (n++ > 0) throw new Error('no second')
          return { value: 1, done: false }
        },
        return: () => {
          this.returned++
          return { value: undefined, done: true }
        },
      }
    },
  }
}

function failingLater(): AsyncIterable<number> & { returned: number } {
  let n = 0
  return {
    returned: 0,
    [Symbol.asyncIterator]() {
      return {
        next: async () => {
          if (n++ > 0) throw new Error('no second')
          return { value: 1, done: false }
        },
        return: async () => {
          this.returned++
          return { value: undefined, done: true }
        },
      }
    },
  }
}

describe('generate', () => {
  test('of a function without parameters reads what it returns', async () => {
    expect(await collect(generate(() => [1, 2]))).toEqual([1, 2])
    expect(
      await collect(
        generate(function* () {
          yield* [1, 2]
        }),
      ),
    ).toEqual([1, 2])
    expect(
      await collect(
        generate(async function* () {
          yield* [1, 2]
        }),
      ),
    ).toEqual([1, 2])
  })

  inBothStyles('of one with parameters is a goroutine that sends, in step with its reader', function* (style) {
    let sent = 0
    const before = numGoroutine()
    const body = function* (out: SendChan<number>) {
      for (let n = 1; n <= 5; n++) {
        yield* on(out.send(n))
        sent++
      }
    }
    const stage =
      style.name === 'generator'
        ? generate<number>(body)
        : generate<number>(async (out) => {
            for (let n = 1; n <= 5; n++) {
              await out.send(n)
              sent++
            }
          })
    yield* on(idle())
    expect([sent, numGoroutine() - before]).toEqual([0, 1])
    expect(yield* on(stage.receive())).toBe(1)
    yield* on(idle())
    expect(sent).toBe(1)
    expect(yield* on(collect(stage))).toEqual([2, 3, 4, 5])
    yield* on(idle())
    expect(numGoroutine() - before).toBe(0)
  })

  test('a plain function sends without waiting, as far as somebody waits', async () => {
    const stage = generate<number>((out) => void out.trySend(1), { capacity: 1 })
    expect(await collect(stage)).toEqual([1])
    expect(await collect(generate<number>((_) => {}))).toEqual([])
  })

  test('what it throws comes behind what it has sent, whatever its style', async () => {
    const error = new Error('empty')
    const stages = [
      generate<number>(async (out) => {
        await out.send(1)
        throw error
      }),
      generate<number>(function* (out) {
        yield* out.send(1)
        throw error
      }),
    ]
    for (const stage of stages) {
      expect(await stage.receive()).toBe(1)
      await expect(stage.receive()).rejects.toBe(error)
    }
    const plain = generate<number>((_) => {
      throw error
    })
    await expect(collect(plain)).rejects.toBe(error)
  })

  for (const isAsync of [true, false]) {
    const style = isAsync ? 'async' : 'generator'
    test(`when nobody reads on, its context ends with the cause, and a blocked send is unwound (${style})`, async () => {
      const log: unknown[] = []
      const before = numGoroutine()
      const stage = isAsync
        ? generate<number>(async (out, ctx) => {
            try {
              for (let n = 0; ; n++) await out.send(n)
            } finally {
              log.push(ctx.err?.message)
            }
          })
        : generate<number>(function* (out, ctx) {
            try {
              for (let n = 0; ; n++) yield* out.send(n)
            } finally {
              log.push(ctx.err?.message)
            }
          })
      for await (const n of stage) if (n === 3) break
      await idle()
      expect([log, numGoroutine() - before]).toEqual([['context canceled'], 0])
    })
  }

  test('one that has not started when its context ends never starts', async () => {
    let started = 0
    const ctx = withCancel(background())
    const stages = [
      generate<number>(async (_) => void started++, ctx),
      generate<number>(function* (_) {
        started++
      }, ctx),
    ]
    ctx.cancel()
    stages.push(generate<number>(async (_) => void started++, ctx))
    for (const stage of stages) expect(await stage.next()).toEqual({ value: undefined, done: true })
    await idle()
    expect(started).toBe(0)
  })

  test('goroutines of its own may send too, until it returns', async () => {
    const stage = generate<number>(async (out) => {
      await Promise.all([1, 2, 3].map((n) => go(async () => out.send(n)).join()))
    })
    expect((await collect(stage)).sort()).toEqual([1, 2, 3])
  })

  test('the channel that it is given may be closed by it, as its own', async () => {
    const stage = generate<number>(async (out) => {
      await out.send(1)
      out.close()
    })
    expect(await collect(stage)).toEqual([1])
  })

  test('goexit ends it, and so the stage, without an error', async () => {
    const stages = [
      generate<number>(async (out) => {
        await out.send(1)
        goexit()
      }),
      generate<number>(function* (out) {
        yield* out.send(1)
        goexit()
      }),
    ]
    for (const stage of stages) expect(await collect(stage)).toEqual([1])
  })

  test('its context ends with the stage’s, and with its cause', async () => {
    const ctx = withCancel(background())
    const reason = new Error('enough')
    let seen: unknown
    const stage = generate<number>(async (_, own) => {
      await own.done.receive()
      seen = cause(own)
    }, ctx)
    await idle()
    ctx.cancel(reason)
    await idle()
    expect(seen).toBe(reason)
    expect(await stage.next()).toEqual({ value: undefined, done: true })
  })
})

describe('repeat and repeatFn', () => {
  test('repeat gives its values over and over, one being enough', async () => {
    expect(await collect(take(repeat(1, 2, 3), 7))).toEqual([1, 2, 3, 1, 2, 3, 1])
    expect(await collect(take(repeat(undefined), 2))).toEqual([undefined, undefined])
  })

  test('repeatFn calls when it is asked, and not ahead', async () => {
    let calls = 0
    const stage = repeatFn(() => ++calls)
    await idle()
    expect(calls).toBe(0)
    expect([await stage.receive(), await stage.receive(), calls]).toEqual([1, 2, 2])
  })

  test('repeatFn has so many calls under way as it was told', async () => {
    let [running, most] = [0, 0]
    const stage = repeatFn(
      async () => {
        most = Math.max(most, ++running)
        await gosched()
        return running--
      },
      { concurrency: 4 },
    )
    await collect(take(stage, 20))
    expect(most).toBe(4)
  })

  test('an error of its function ends repeatFn, and the reader gets it', async () => {
    let n = 0
    const stage = repeatFn(() => {
      if (++n === 3) throw new Error('third')
      return n
    })
    expect([await stage.receive(), await stage.receive()]).toEqual([1, 2])
    await expect(stage.receive()).rejects.toThrow('third')
    expect(n).toBe(3)
  })
})
