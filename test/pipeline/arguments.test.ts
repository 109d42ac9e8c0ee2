// Misuse by arguments: what makes a stage throws at the call; what waits has one channel for its errors, the operation.
import { describe, expect, test } from 'vitest'
import { chan, go, type Operation } from 'warren'
import * as pipelines from 'warren/pipeline'

type Loose = Record<string, (...args: unknown[]) => unknown>
/** Without their types. */
const {
  amdahl,
  batch,
  bridge,
  buffer,
  collect,
  fanOut,
  filter,
  forEach,
  fromIterable,
  fromNodeReadable,
  fromReadableStream,
  generate,
  littlesLaw,
  map,
  merge,
  or,
  orDone,
  parallelMap,
  pipeline,
  reduce,
  repeat,
  repeatFn,
  stats,
  take,
  tee,
  toNodeReadable,
  toReadableStream,
} = pipelines as unknown as Record<keyof typeof pipelines, Loose[string]>

const fn = (): number => 1
const ch = (): unknown => chan()

const noChannels: readonly unknown[] = [null, undefined, 5, 'ch', {}, [], fn, Promise.resolve(), { next: 5 }, [chan()]]
const noFunctions: readonly unknown[] = [null, undefined, 5, 'fn', {}, [], chan()]
const noContexts: readonly unknown[] = [null, 5, 'ctx', {}, fn, { aborted: true }]
const noOptions: readonly unknown[] = [null, 5, 'options', fn, true]
/** Counts of which there is at least one, with the code of the error. */
const noCounts: readonly (readonly [unknown, string])[] = [
  ['1', 'ERR_INVALID_ARG_TYPE'],
  [null, 'ERR_INVALID_ARG_TYPE'],
  [1n, 'ERR_INVALID_ARG_TYPE'],
  [-1, 'ERR_OUT_OF_RANGE'],
  [0.5, 'ERR_OUT_OF_RANGE'],
  [Number.NaN, 'ERR_OUT_OF_RANGE'],
]
const noCapacities: readonly (readonly [unknown, string])[] = [
  ['1', 'ERR_INVALID_ARG_TYPE'],
  [null, 'ERR_INVALID_ARG_TYPE'],
  [-1, 'ERR_CHAN_SIZE'],
  [0.5, 'ERR_CHAN_SIZE'],
  [Number.POSITIVE_INFINITY, 'ERR_CHAN_SIZE'],
]

function expectError(call: () => unknown, code: string, about: string): void {
  expect(call, about).toThrow(expect.objectContaining({ name: 'PanicError', code }))
}

const of = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : String(value?.constructor?.name ?? value)

describe('what makes a stage throws at the call', () => {
  /** By the place of the channel. */
  const readers: Record<string, (input: unknown) => unknown> = {
    orDone: (input) => orDone(input),
    buffer: (input) => buffer(input, 1),
    fanOut: (input) => fanOut(input, 1),
    take: (input) => take(input, 1),
    tee: (input) => tee(input),
    bridge: (input) => bridge(input),
    batch: (input) => batch(input, { size: 1 }),
    map: (input) => map(input, fn),
    filter: (input) => filter(input, fn),
    parallelMap: (input) => parallelMap(input, fn, { concurrency: 1 }),
    toReadableStream: (input) => toReadableStream(input),
    toNodeReadable: (input) => toNodeReadable(input),
    or: (input) => or(input, ch()),
    merge: (input) => merge(ch(), input, ch()),
  }
  for (const [name, make] of Object.entries(readers)) {
    for (const input of noChannels) {
      test(`${name} of ${of(input)}`, () => {
        expectError(() => make(input), 'ERR_INVALID_ARG_TYPE', of(input))
      })
    }
  }

  const functions: Record<string, (wrong: unknown) => unknown> = {
    map: (wrong) => map(ch(), wrong),
    filter: (wrong) => filter(ch(), wrong),
    parallelMap: (wrong) => parallelMap(ch(), wrong, { concurrency: 1 }),
    repeatFn: (wrong) => repeatFn(wrong),
    generate: (wrong) => generate(wrong),
  }
  for (const [name, make] of Object.entries(functions)) {
    test(`${name} of what is no function`, () => {
      for (const wrong of noFunctions) expectError(() => make(wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
    })
  }

  const taking: Record<string, (options: unknown) => unknown> = {
    buffer: (options) => buffer(ch(), 1, options),
    fanOut: (options) => fanOut(ch(), 1, options),
    take: (options) => take(ch(), 1, options),
    tee: (options) => tee(ch(), 2, options),
    bridge: (options) => bridge(ch(), options),
    map: (options) => map(ch(), fn, options),
    filter: (options) => filter(ch(), fn, options),
    repeatFn: (options) => repeatFn(fn, options),
    generate: (options) => generate(() => [], options),
    'generate of a producer': (options) => generate((_: unknown) => {}, options),
    fromIterable: (options) => fromIterable([], options),
    orDone: (options) => orDone(ch(), undefined, options),
    fromReadableStream: (options) => fromReadableStream(new ReadableStream(), options),
  }
  for (const [name, make] of Object.entries(taking)) {
    test(`${name} with wrong options`, () => {
      for (const wrong of noOptions) expectError(() => make(wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
      for (const ctx of noContexts) {
        if (name !== 'orDone') expectError(() => make({ ctx }), 'ERR_INVALID_ARG_TYPE', `ctx ${of(ctx)}`)
      }
      for (const [concurrency, code] of [...noCounts, [0, 'ERR_OUT_OF_RANGE'] as const]) {
        expectError(() => make({ concurrency }), code, `concurrency ${concurrency}`)
      }
      for (const [capacity, code] of noCapacities) {
        if (name !== 'buffer') expectError(() => make({ capacity }), code, `capacity ${capacity}`)
      }
      for (const measured of [0, 'yes', null]) {
        expectError(() => make({ measured }), 'ERR_INVALID_ARG_TYPE', `measured ${measured}`)
      }
    })
  }

  test('orDone with a wrong context', () => {
    for (const wrong of noContexts) expectError(() => orDone(ch(), wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
  })

  test('map and filter with wrong options of their own', () => {
    for (const wrong of [0, 'yes', null]) {
      expectError(() => map(ch(), fn, { ordered: wrong }), 'ERR_INVALID_ARG_TYPE', of(wrong))
      expectError(() => filter(ch(), fn, { ordered: wrong }), 'ERR_INVALID_ARG_TYPE', of(wrong))
      expectError(() => map(ch(), fn, { asResult: wrong }), 'ERR_INVALID_ARG_TYPE', of(wrong))
    }
  })

  test('parallelMap without a concurrency', () => {
    for (const wrong of [undefined, null, {}, { ordered: true }, 5]) {
      expectError(() => parallelMap(ch(), fn, wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
    }
    expectError(() => parallelMap(ch(), fn, { concurrency: 0 }), 'ERR_OUT_OF_RANGE', '0')
    expect(() => parallelMap(ch(), fn, { concurrency: Number.POSITIVE_INFINITY })).not.toThrow()
  })

  test('take, tee and fanOut with a number that is none', () => {
    for (const [wrong, code] of noCounts) {
      for (const make of [take, tee, fanOut]) expectError(() => make(ch(), wrong), code, `${wrong}`)
    }
    expectError(() => tee(ch(), 0), 'ERR_OUT_OF_RANGE', '0')
    expectError(() => fanOut(ch(), 0), 'ERR_OUT_OF_RANGE', '0')
    expectError(() => take(ch(), Number.POSITIVE_INFINITY), 'ERR_OUT_OF_RANGE', 'Infinity')
    expectError(() => take(ch(), undefined), 'ERR_INVALID_ARG_TYPE', 'undefined')
  })

  test('buffer with a capacity that is none', () => {
    for (const [wrong, code] of [...noCapacities, [undefined, 'ERR_INVALID_ARG_TYPE'] as const]) {
      expectError(() => buffer(ch(), wrong), code, `${wrong}`)
    }
  })

  test('batch without a size or a time, or with wrong ones', () => {
    for (const wrong of [undefined, {}, { size: Number.POSITIVE_INFINITY }, { withinMs: Number.POSITIVE_INFINITY }]) {
      expectError(() => batch(ch(), wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
    }
    for (const wrong of noOptions) expectError(() => batch(ch(), wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
    for (const [size, code] of [...noCounts, [0, 'ERR_OUT_OF_RANGE'] as const]) {
      expectError(() => batch(ch(), { size }), code, `${size}`)
    }
    for (const withinMs of ['1', null, {}]) {
      expectError(() => batch(ch(), { withinMs }), 'ERR_INVALID_ARG_TYPE', `${withinMs}`)
    }
    expectError(() => batch(ch(), { withinMs: Number.NaN }), 'ERR_OUT_OF_RANGE', 'NaN')
  })

  test('sources of what is nothing to read', () => {
    for (const wrong of [null, undefined, 5, {}, fn, Promise.resolve([])]) {
      expectError(() => fromIterable(wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
      expectError(() => generate(() => wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
      expectError(() => pipeline(wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
    }
    for (const wrong of [null, undefined, 5, {}, fn, chan(), []]) {
      expectError(() => fromReadableStream(wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
      expectError(() => fromNodeReadable(wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
    }
    expectError(() => repeat(), 'ERR_OUT_OF_RANGE', 'none')
  })

  test('pipeline with a stage that is no function, before any stage is made', () => {
    let made = 0
    for (const wrong of noFunctions) {
      expectError(() => pipeline([1], () => made++, wrong), 'ERR_INVALID_ARG_TYPE', of(wrong))
    }
    expect(made).toBe(0)
  })

  test('the message names the argument, and the value that came', () => {
    expect(() => map('ch', fn)).toThrow("ch must be a channel, not 'ch'")
    expect(() => merge(ch(), 5, ch())).toThrow('channel 1 of a merge must be a channel, not 5')
    expect(() => pipeline([], collect, 5)).toThrow('stage 2 of the pipeline must be a function, not 5')
    expect(() => take(ch(), -1)).toThrow('n must be an integer of at least 0, not -1')
    expect(() => stats(5)).toThrow('stage must be a stage made with { measured: true }, not 5')
  })

  test('and leaves nothing behind: what it would have read is as it was', () => {
    const input = chan<number>(1)
    input.trySend(1)
    const before = pipelines.orDone(input)
    for (const make of [
      () => merge(before, 5, before),
      () => map(before, 5),
      () => batch(before, {}),
      () => take(before, -1),
    ]) {
      expect(make).toThrow()
    }
    expect(before.tryReceive()).toEqual({ value: 1, ok: true })
    expect(before.tryReceive()).toBeUndefined()
  })
})

describe('what waits fails by its operation', () => {
  const calls: Record<string, readonly (() => unknown)[]> = {
    collect: [...noChannels.map((wrong) => () => collect(wrong)), ...noContexts.map((ctx) => () => collect(ch(), ctx))],
    forEach: [
      ...noChannels.map((wrong) => () => forEach(wrong, fn)),
      ...noFunctions.map((wrong) => () => forEach(ch(), wrong)),
      ...noOptions.map((options) => () => forEach(ch(), fn, options)),
      ...noContexts.map((ctx) => () => forEach(ch(), fn, { ctx })),
    ],
    reduce: [
      ...noChannels.map((wrong) => () => reduce(wrong, fn, 0)),
      ...noFunctions.map((wrong) => () => reduce(ch(), wrong, 0)),
      ...noContexts.map((ctx) => () => reduce(ch(), fn, 0, ctx)),
    ],
  }
  for (const [name, wrongCalls] of Object.entries(calls)) {
    test(`${name}: outside a generator goroutine as a rejection, never as a throw`, async () => {
      for (const call of wrongCalls) {
        let operation: unknown
        expect(() => {
          operation = call()
        }).not.toThrow()
        await expect(operation, String(call)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      }
    })

    test(`${name}: inside one at the call, or where it is yielded`, async () => {
      for (const call of wrongCalls) {
        const goroutine = go(function* () {
          yield* call() as Operation<unknown>
        })
        await expect(goroutine.join()).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
      }
    })
  }

  test('forEach with a wrong concurrency', async () => {
    for (const [concurrency, code] of noCounts) {
      await expect(forEach(ch(), fn, { concurrency })).rejects.toMatchObject({ code })
    }
  })
})

test('a value of a bridge that is no channel is the reader’s error', async () => {
  for (const wrong of noChannels) {
    const bridged = pipelines.bridge(pipelines.fromIterable([wrong as never]))
    await expect(pipelines.collect(bridged)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  }
})

describe('the laws', () => {
  test('littlesLaw gives the third figure of two', () => {
    expect(littlesLaw({ arrivalRate: 200, latencyMs: 50 })).toEqual({ arrivalRate: 200, latencyMs: 50, length: 10 })
    expect(littlesLaw({ arrivalRate: 100, length: 5 })).toEqual({ arrivalRate: 100, length: 5, latencyMs: 50 })
    expect(littlesLaw({ length: 5, latencyMs: 50 })).toEqual({ length: 5, latencyMs: 50, arrivalRate: 100 })
    expect(littlesLaw({ arrivalRate: 0, latencyMs: 50 })).toMatchObject({ length: 0 })
    expect(littlesLaw({ arrivalRate: 0, latencyMs: 50, length: undefined })).toMatchObject({ length: 0 })
  })

  test('littlesLaw refuses what is not exactly two figures', () => {
    const wrong = [null, undefined, 5, {}, { length: 1 }, { length: 1, latencyMs: 1, arrivalRate: 1 }]
    for (const figures of wrong) expectError(() => littlesLaw(figures), 'ERR_INVALID_ARG_TYPE', of(figures))
    for (const length of ['1', null, {}]) {
      expectError(() => littlesLaw({ length, latencyMs: 1 }), 'ERR_INVALID_ARG_TYPE', of(length))
    }
    for (const length of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expectError(() => littlesLaw({ length, latencyMs: 1 }), 'ERR_OUT_OF_RANGE', `${length}`)
    }
    expectError(() => littlesLaw({ length: 1, latencyMs: 0 }), 'ERR_OUT_OF_RANGE', 'divided by zero')
    expectError(() => littlesLaw({ length: 1, arrivalRate: 0 }), 'ERR_OUT_OF_RANGE', 'divided by zero')
  })

  test('amdahl gives the speed-up, and its bound', () => {
    expect(amdahl({ parallelFraction: 0.95, cores: 1 })).toBe(1)
    expect(amdahl({ parallelFraction: 0.95, cores: Number.POSITIVE_INFINITY })).toBeCloseTo(20)
    expect(amdahl({ parallelFraction: 0.5, cores: 2 })).toBeCloseTo(4 / 3)
    expect(amdahl({ parallelFraction: 0, cores: 64 })).toBe(1)
    expect(amdahl({ parallelFraction: 1, cores: 64 })).toBe(64)
    expect(amdahl({ parallelFraction: 1, cores: Number.POSITIVE_INFINITY })).toBe(Number.POSITIVE_INFINITY)
  })

  test('amdahl refuses what is no part of a whole, and less than a core', () => {
    for (const figures of [
      null,
      undefined,
      5,
      {},
      { cores: 1 },
      { parallelFraction: 1 },
      { parallelFraction: '1', cores: 1 },
    ]) {
      expectError(() => amdahl(figures), 'ERR_INVALID_ARG_TYPE', of(figures))
    }
    for (const parallelFraction of [-0.1, 1.1, Number.NaN]) {
      expectError(() => amdahl({ parallelFraction, cores: 1 }), 'ERR_OUT_OF_RANGE', `${parallelFraction}`)
    }
    for (const cores of [0, 0.5, -1, Number.NaN]) {
      expectError(() => amdahl({ parallelFraction: 1, cores }), 'ERR_OUT_OF_RANGE', `${cores}`)
    }
  })
})
