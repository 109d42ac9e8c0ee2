// A random pipeline over random values is what the same does to an array; ended at a random moment it is the beginning of
// that, and leaves nothing behind.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { background, ContextCanceledError, chan, go, gosched, numGoroutine, type ReceiveChan, withCancel } from 'warren'
import {
  batch,
  bridge,
  buffer,
  collect,
  fanOut,
  filter,
  flatMap,
  fromIterable,
  generate,
  map,
  merge,
  orDone,
  parallelMap,
  type StageOptions,
  take,
  tee,
} from 'warren/pipeline'
import { propertyOptions } from '../support/property.ts'
import { expectHoldsNothing } from '../support/scopes.ts'
import { TrackedAsyncSource, TrackedSource } from '../support/stages.ts'
import { idle } from '../support/styles.ts'

type Value = number
interface Step {
  readonly name: string
  apply(ch: ReceiveChan<Value>, options: StageOptions): ReceiveChan<Value>
  expected(values: readonly Value[]): Value[]
  /** Whether the order is another one each time. */
  readonly shuffles?: boolean
}

const same = (values: readonly Value[]): Value[] => [...values]
const flatten = (ch: ReceiveChan<Value[]>, options: StageOptions): ReceiveChan<Value> =>
  bridge(
    map(ch, (values) => fromIterable(values)),
    options,
  )

/** In the three styles of a function. */
const styled = fc.constantFrom(
  (fn: (n: Value) => Value) => (n: Value) => fn(n),
  (fn: (n: Value) => Value) => async (n: Value) => {
    for (let i = 0; i < n % 3; i++) await gosched()
    return fn(n)
  },
  (fn: (n: Value) => Value) =>
    function* (n: Value) {
      for (let i = 0; i < n % 3; i++) yield* gosched()
      return fn(n)
    },
  // At once for some, and later for others.
  (fn: (n: Value) => Value) => (n: Value) => (n % 2 === 0 ? fn(n) : Promise.resolve(fn(n))),
)

const small = fc.integer({ min: 0, max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ name: 'orDone', apply: (ch, { ctx, ...options }) => orDone(ch, ctx, options), expected: same }),
  small.map<Step>((n) => ({ name: `buffer ${n}`, apply: (ch, options) => buffer(ch, n, options), expected: same })),
  fc.integer({ min: 0, max: 12 }).map<Step>((n) => ({
    name: `take ${n}`,
    apply: (ch, options) => take(ch, n, options),
    expected: (values) => values.slice(0, n),
  })),
  styled.map<Step>((style) => ({
    name: 'map',
    apply: (ch, options) =>
      map(
        ch,
        style((n) => n + 1),
        options,
      ),
    expected: (values) => values.map((n) => n + 1),
  })),
  fc.tuple(styled, fc.integer({ min: 1, max: 4 }), fc.boolean()).map<Step>(([style, concurrency, ordered]) => ({
    name: `parallelMap ${concurrency}${ordered ? '' : ' unordered'}`,
    apply: (ch, options) =>
      parallelMap(
        ch,
        style((n) => n * 3),
        { ...options, concurrency, ordered },
      ),
    expected: (values) => values.map((n) => n * 3),
    shuffles: !ordered,
  })),
  styled.map<Step>((style) => ({
    name: 'filter',
    apply: (ch, options) => filter(ch, (n) => toBoolean(style((m) => m % 2)(n)), options),
    expected: (values) => values.filter((n) => n % 2 === 1),
  })),
  fc.integer({ min: 1, max: 4 }).map<Step>((size) => ({
    name: `batch ${size}, flat`,
    apply: (ch, options) => flatten(batch(ch, { ...options, size }), options),
    expected: same,
  })),
  fc.constant<Step>({
    name: 'flatMap',
    apply: (ch, options) => flatMap(ch, (n) => [n, n], options),
    expected: (values) => values.flatMap((n) => [n, n]),
  }),
  fc.integer({ min: 1, max: 4 }).map<Step>((n) => ({
    name: `fanOut ${n}, merge`,
    apply: (ch, options) => merge(...fanOut(ch, n, options), options),
    expected: same,
    shuffles: true,
  })),
  fc.integer({ min: 1, max: 3 }).map<Step>((n) => ({
    name: `tee ${n}, merge`,
    apply: (ch, options) => merge(...tee(ch, n, options), options),
    expected: (values) => values.flatMap((value) => new Array<Value>(n).fill(value)),
    shuffles: true,
  })),
)

function toBoolean(result: unknown): boolean {
  if (typeof result === 'number') return result === 1
  if (result instanceof Promise) return result.then((n) => n === 1) as unknown as boolean
  return (function* () {
    return ((yield* result as Iterable<never>) as unknown) === 1
  })() as unknown as boolean
}

type MakeSource = (values: readonly Value[]) => ReceiveChan<Value>
const sources: Record<string, MakeSource> = {
  iterable: (values) => fromIterable(new TrackedSource(values)),
  'async iterable': (values) => fromIterable(new TrackedAsyncSource(values)),
  producer: (values) => generate<Value>(async (out) => out.sendMany(values)),
  'buffered channel': (values) => {
    const ch = chan<Value>(values.length)
    for (const value of values) ch.trySend(value)
    ch.close()
    return ch
  },
  channel: (values) => {
    const ch = chan<Value>()
    go(function* () {
      for (const value of values) yield* ch.send(value)
      ch.close()
    })
    return ch
  },
}

const reads: Record<string, (ch: ReceiveChan<Value>) => Promise<Value[]>> = {
  collect: async (ch) => collect(ch),
  loop: async (ch) => {
    const got: Value[] = []
    for await (const value of ch) got.push(value)
    return got
  },
  'in batches': async (ch) => {
    const got: Value[] = []
    for (let batch = await ch.receiveMany(3); batch.length > 0; batch = await ch.receiveMany(3)) got.push(...batch)
    return got
  },
  'in a generator': (ch) =>
    go(function* () {
      const got: Value[] = []
      for (let next = yield* ch.next(); next.done !== true; next = yield* ch.next()) got.push(next.value)
      return got
    }).join(),
  'now and then': async (ch) => {
    const got: Value[] = []
    for (;;) {
      const next = ch.tryReceive()
      if (next?.ok === false) return got
      if (next === undefined) await idle()
      else got.push(next.value)
    }
  },
}

const plan = fc.record({
  values: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
  steps: fc.array(fc.tuple(step, small), { maxLength: 6 }),
  source: fc.constantFrom(...Object.keys(sources)),
})

function expectedOf(values: readonly Value[], steps: readonly Step[]): Value[] {
  return steps.reduce((current, { expected }) => expected(current), [...values])
}

/** `take` of values in no order may give any of them. */
const isOrdered = (steps: readonly Step[]): boolean => steps.every(({ shuffles }) => shuffles !== true)
const isCounted = (steps: readonly Step[]): boolean =>
  isOrdered(steps.slice(0, steps.findLastIndex(({ name }) => name.startsWith('take')) + 1))

const sorted = (values: readonly Value[]): Value[] => [...values].sort((a, b) => a - b)

const describeSteps = (steps: readonly (readonly [Step, number])[]): string =>
  steps.map(([{ name }, capacity]) => `${name} (${capacity})`).join(' | ')

test('a random pipeline gives what the same does to an array', async () => {
  const property = fc.asyncProperty(plan, fc.constantFrom(...Object.keys(reads)), async (each, read) => {
    const steps = each.steps.map(([one]) => one)
    let ch = sources[each.source]!(each.values)
    for (const [one, capacity] of each.steps) ch = one.apply(ch, { capacity })
    const got = await reads[read]!(ch)
    const expected = expectedOf(each.values, steps)
    if (isOrdered(steps)) expect(got, describeSteps(each.steps)).toEqual(expected)
    else if (isCounted(steps)) expect(sorted(got), describeSteps(each.steps)).toEqual(sorted(expected))
    expect(ch.tryReceive()).toEqual({ value: undefined, ok: false })
  })
  await fc.assert(property, propertyOptions(400))
})

test('one that is cancelled at a random moment gives the beginning of that, and nothing is left', async () => {
  const property = fc.asyncProperty(plan, fc.nat(30), fc.boolean(), async (each, moment, isOuter) => {
    const before = numGoroutine()
    const [ctx, long] = [withCancel(background()), withCancel(background())]
    const steps = each.steps.map(([one]) => one)
    const source = each.source === 'channel' ? 'producer' : each.source
    let ch = sources[source]!(each.values)
    for (const [one, capacity] of each.steps) ch = one.apply(ch, { capacity, ctx: isOuter ? long : ctx })
    const got: Value[] = []
    const seen = map(ch, (value) => {
      got.push(value)
      return value
    })
    const all = collect(seen, isOuter ? ctx : undefined).catch((error: unknown) => error)
    for (let i = 0; i < moment; i++) await gosched()
    ctx.cancel()
    const result = await all
    const expected = expectedOf(each.values, steps)
    if (isOrdered(steps)) expect(got, describeSteps(each.steps)).toEqual(expected.slice(0, got.length))
    // An orDone takes the end of its context for a normal one.
    if (Array.isArray(result) && !steps.some(({ name }) => name === 'orDone') && isOrdered(steps)) {
      expect(result, describeSteps(each.steps)).toEqual(expected)
    } else if (!Array.isArray(result)) expect(result).toBeInstanceOf(ContextCanceledError)
    await idle()
    if (each.steps.length > 0 || isOuter) {
      expect(numGoroutine() - before, `${describeSteps(each.steps)} of ${source}`).toBe(0)
    }
    expectHoldsNothing(ctx)
    expectHoldsNothing(long)
  })
  await fc.assert(property, propertyOptions(400))
})

test('one whose reader leaves after some values leaves nothing behind', async () => {
  const property = fc.asyncProperty(plan, fc.nat(8), async (each, most) => {
    const before = numGoroutine()
    const long = withCancel(background())
    const steps = each.steps.map(([one]) => one)
    let ch = sources[each.source === 'channel' ? 'producer' : each.source]!(each.values)
    for (const [one, capacity] of each.steps) ch = one.apply(ch, { capacity, ctx: long })
    const got: Value[] = []
    for await (const value of orDone(ch)) {
      if (got.length >= most) break
      got.push(value)
    }
    if (isOrdered(steps)) expect(got, describeSteps(each.steps)).toEqual(expectedOf(each.values, steps).slice(0, most))
    await idle()
    expect(numGoroutine() - before, describeSteps(each.steps)).toBe(0)
    expectHoldsNothing(long)
  })
  await fc.assert(property, propertyOptions(400))
})
