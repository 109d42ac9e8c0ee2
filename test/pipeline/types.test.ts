// Types of pipelines. `npm run types` checks them; run, the functions are never called.
import type { Readable } from 'node:stream'
import { describe, expectTypeOf, test } from 'vitest'
import { background, type Chan, type Context, chan, type Operation, type ReceiveChan, type SendChan } from 'warren'
import {
  batch,
  bridge,
  buffer,
  collect,
  fanOut,
  filter,
  flatMap,
  forEach,
  fromIterable,
  fromNodeReadable,
  fromReadableStream,
  generate,
  map,
  merge,
  or,
  orDone,
  parallelMap,
  pipeline,
  type Result,
  reduce,
  repeat,
  repeatFn,
  type StageOptions,
  stats,
  take,
  tee,
  toNodeReadable,
  toReadableStream,
} from 'warren/pipeline'

/** Holds what must compile (or not), and never runs. */
function compiles(_: () => unknown): void {}

const numbers: ReceiveChan<number> = chan<number>()

describe('map', () => {
  test('infers what goes out from the function, in each style', () => {
    compiles(() => {
      expectTypeOf(map(numbers, (n) => `${n}`)).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(map(numbers, async (n) => `${n}`)).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(
        map(numbers, function* (n) {
          yield* numbers.receive()
          return `${n}`
        }),
      ).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(map(numbers, (_, ctx) => ctx)).toEqualTypeOf<ReceiveChan<Context>>()
      expectTypeOf(map(numbers, (n) => [n] as const)).toEqualTypeOf<ReceiveChan<readonly [number]>>()
    })
  })

  test('asResult gives results', () => {
    compiles(() => {
      expectTypeOf(map(numbers, (n) => `${n}`, { asResult: true })).toEqualTypeOf<ReceiveChan<Result<string>>>()
      expectTypeOf(map(numbers, async (n) => n, { asResult: false })).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(parallelMap(numbers, async (n) => n, { concurrency: 2, asResult: true })).toEqualTypeOf<
        ReceiveChan<Result<number>>
      >()
      const result = {} as Result<string>
      if (result.ok) expectTypeOf(result.value).toEqualTypeOf<string>()
      else expectTypeOf(result.error).toEqualTypeOf<unknown>()
    })
  })

  test('takes no function whose second parameter is no context, and no wrong value', () => {
    compiles(() => {
      // @ts-expect-error parseInt would take the context for its radix
      map(fromIterable(['1']), Number.parseInt)
      // @ts-expect-error the values are numbers
      map(numbers, (text: string) => text)
      // @ts-expect-error no function
      map(numbers)
      // @ts-expect-error a sending end cannot be read
      map(chan<number>() as SendChan<number>, (n) => n)
      map(fromIterable(['1']), Number)
      return map(fromIterable(['1']), (text) => Number.parseInt(text, 10))
    })
  })
})

describe('options', () => {
  test('are the known ones', () => {
    compiles(() => {
      map(numbers, (n) => n, { ctx: background(), capacity: 1, concurrency: 2, ordered: false, measured: true })
      map(numbers, (n) => n, background())
      map(numbers, (n) => n, new AbortController().signal)
      // @ts-expect-error unknown
      map(numbers, (n) => n, { parallel: 2 })
      // @ts-expect-error a misspelled one
      buffer(numbers, 2, { measure: true })
      // @ts-expect-error a filter gives no results
      filter(numbers, (n) => n > 1, { asResult: true })
      // @ts-expect-error of another type
      take(numbers, 1, { capacity: '1' })
      // @ts-expect-error how long a batch waits has its unit in its name
      batch(numbers, { size: 1, within: 5 })
      // @ts-expect-error parallelMap needs to be told
      parallelMap(numbers, (n) => n, { ordered: true })
      // @ts-expect-error and so does batch
      batch(numbers)
      // @ts-expect-error orDone has its context as an argument
      orDone(numbers, background(), { ctx: background() })
      // @ts-expect-error and buffer its capacity
      buffer(numbers, 2, { capacity: 3 })
      // @ts-expect-error repeat has none
      expectTypeOf(repeat(1, { ctx: background() })).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf<StageOptions['concurrency']>().toEqualTypeOf<number | undefined>()
    })
  })
})

describe('movers keep the type', () => {
  test('of their values', () => {
    compiles(() => {
      expectTypeOf(orDone(numbers)).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(buffer(numbers, 2)).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(take(numbers, 2)).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(fanOut(numbers, 2)).toEqualTypeOf<ReceiveChan<number>[]>()
      expectTypeOf(batch(numbers, { size: 2 })).toEqualTypeOf<ReceiveChan<number[]>>()
      expectTypeOf(bridge(fromIterable([numbers]))).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(or(numbers, fromIterable(['a']))).toEqualTypeOf<ReceiveChan<never>>()
      expectTypeOf(merge(numbers, numbers)).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(merge(numbers, numbers, { capacity: 2 })).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(merge<number | string>(numbers, fromIterable(['a']))).toEqualTypeOf<ReceiveChan<number | string>>()
      // @ts-expect-error a stage has no sending end
      orDone(numbers).send(1)
      const both: Chan<number> = chan()
      expectTypeOf(orDone(both)).toEqualTypeOf<ReceiveChan<number>>()
    })
  })

  test('tee gives a pair, and of a number as many', () => {
    compiles(() => {
      expectTypeOf(tee(numbers)).toEqualTypeOf<[ReceiveChan<number>, ReceiveChan<number>]>()
      expectTypeOf(tee(numbers, 2, { capacity: 1 })).toEqualTypeOf<[ReceiveChan<number>, ReceiveChan<number>]>()
      expectTypeOf(tee(numbers, 3)).toEqualTypeOf<ReceiveChan<number>[]>()
    })
  })

  test('filter narrows by a type guard', () => {
    compiles(() => {
      const mixed = fromIterable<number | string | undefined>([1, 'a', undefined])
      const isText = (value: unknown): value is string => typeof value === 'string'
      expectTypeOf(filter(mixed, isText)).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(filter(mixed, (value) => value !== undefined)).toEqualTypeOf<ReceiveChan<number | string>>()
      expectTypeOf(filter(mixed, async () => true)).toEqualTypeOf<ReceiveChan<number | string | undefined>>()
      // @ts-expect-error it says yes or no
      filter(mixed, (value) => value)
    })
  })
})

describe('sources and ends', () => {
  test('sources have the type of what they read', () => {
    compiles(() => {
      expectTypeOf(fromIterable('text')).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(fromIterable(new Map<string, number>())).toEqualTypeOf<ReceiveChan<[string, number]>>()
      expectTypeOf(fromIterable(numbers)).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(repeat('a', 'b')).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(repeatFn(async () => 1)).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(generate(() => [1])).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(generate<string>(async (out) => out.send('a'))).toEqualTypeOf<ReceiveChan<string>>()
      // @ts-expect-error a producer sends what it says
      generate<string>(async (out) => out.send(1))
      // @ts-expect-error it cannot read its output
      generate<string>(async (out) => out.receive())
      // @ts-expect-error nothing to read
      fromIterable(5)
    })
  })

  test('what waits gives an operation', () => {
    compiles(() => {
      expectTypeOf(collect(numbers)).toEqualTypeOf<Operation<number[]>>()
      expectTypeOf(forEach(numbers, () => {})).toEqualTypeOf<Operation<void>>()
      expectTypeOf(forEach(numbers, async (n) => n)).toEqualTypeOf<Operation<void>>()
      expectTypeOf(reduce(numbers, (text, n) => text + n, '')).toEqualTypeOf<Operation<string>>()
      expectTypeOf(reduce(numbers, async (sum, n) => sum + n, 0)).toEqualTypeOf<Operation<number>>()
      // @ts-expect-error the next state is of the same type
      reduce(numbers, (sum, n) => `${sum}${n}`, 0)
      expectTypeOf(stats(numbers).meanWaitMs).toEqualTypeOf<number>()
    })
  })

  test('flatMap gives the values of what the function gives', () => {
    compiles(() => {
      expectTypeOf(flatMap(numbers, (n) => [`${n}`])).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(flatMap(numbers, async (n) => [n])).toEqualTypeOf<ReceiveChan<number>>()
      expectTypeOf(flatMap(numbers, () => fromIterable([true]))).toEqualTypeOf<ReceiveChan<boolean>>()
      // @ts-expect-error nothing to read
      flatMap(numbers, (n) => n)
    })
  })

  test('streams have the type of their chunks', () => {
    compiles(() => {
      expectTypeOf(toReadableStream(numbers)).toEqualTypeOf<ReadableStream<number>>()
      expectTypeOf(fromReadableStream(new ReadableStream<string>())).toEqualTypeOf<ReceiveChan<string>>()
      expectTypeOf(toNodeReadable(numbers)).toEqualTypeOf<Readable>()
      expectTypeOf(fromNodeReadable<string>({} as Readable)).toEqualTypeOf<ReceiveChan<string>>()
    })
  })
})

describe('pipeline', () => {
  test('has the type of its last stage', () => {
    compiles(() => {
      expectTypeOf(pipeline([1])).toEqualTypeOf<ReceiveChan<number>>()
      const text = pipeline(
        [1, 2],
        (ch) => map(ch, (n) => `${n}`),
        (ch) => filter(ch, (word) => word.length > 1),
        (ch) => batch(ch, { size: 2 }),
      )
      expectTypeOf(text).toEqualTypeOf<ReceiveChan<string[]>>()
      expectTypeOf(pipeline(numbers, (ch) => map(ch, (n) => n > 1), collect)).toEqualTypeOf<Operation<boolean[]>>()
      const same = (ch: ReceiveChan<number>): ReceiveChan<number> => ch
      expectTypeOf(pipeline(numbers, ...[same, same])).toEqualTypeOf<ReceiveChan<number>>()
      pipeline(
        numbers,
        (ch) => map(ch, (n) => `${n}`),
        // @ts-expect-error the values are strings by now
        (ch) => map(ch, (n: number) => n),
      )
    })
  })
})
