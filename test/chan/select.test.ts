import { afterEach, describe, expect, test } from 'vitest'
import {
  background,
  ContextCanceledError,
  chan,
  DeadlineExceededError,
  never,
  type SelectOptions,
  select,
  sending,
  trySelect,
  withCancel,
  withTimeout,
} from 'warren'
import { type DecisionKind, SeededDecisions } from '../../src/runtime/decisions.ts'
import { scheduler } from '../../src/runtime/runtime.ts'
import { inBubbles, pass } from '../support/bubbles.ts'
import { expectNoWaiters, lossless, overKinds } from '../support/kinds.ts'
import { attempt, idle, inBothStyles, inEveryPair, on } from '../support/styles.ts'

describe('the cases of a select', () => {
  inBothStyles('are named, or counted', function* () {
    const ch = chan<string>(3)
    yield* on(ch.sendMany(['x', 'y', 'z']))
    expect(yield* on(select({ other: chan(), wanted: ch }))).toEqual({ case: 'wanted', ok: true, value: 'x' })
    expect(yield* on(select([chan(), ch]))).toEqual({ case: 1, ok: true, value: 'y' })
    const sparse = yield* on(select([null, null, ch, null]))
    expect(sparse).toEqual({ case: 2, ok: true, value: 'z' })
  })

  inBothStyles('may be made once and used again', function* () {
    const [values, out] = [chan<number>(10), chan<number>(10)]
    const cases = { values, sent: sending(out, 7) }
    yield* on(values.sendMany([1, 2, 3]))
    let picked = 0
    while (values.length > 0) {
      yield* on(select(cases))
      picked++
    }
    expect(picked).toBe(3 + out.length)
    expect(out.length === 0 || (yield* on(out.receive())) === 7).toBe(true)
  })

  inBothStyles('are read once: a change while it waits changes nothing', function* (style) {
    const [a, b] = [chan<number>(), chan<number>()]
    const cases: Record<string, typeof a> = { a }
    const outcome = attempt(style, function* () {
      return yield* on(select(cases))
    })
    yield* on(idle())
    cases['a'] = b
    expect([b.trySend(1), a.trySend(2)]).toEqual([false, true])
    yield* on(idle())
    expect(outcome.value).toEqual({ case: 'a', ok: true, value: 2 })
  })

  inBothStyles('that are null or the nil channel are never ready', function* () {
    const ch = chan<number>(1)
    yield* on(ch.send(1))
    for (let i = 0; i < 20; i++) {
      const picked = yield* on(select({ a: null, b: never, c: sending(never, 1), ch, d: sending(ch, 1) }))
      expect(picked.case).toBe(ch.length === 0 ? 'ch' : 'd')
      if (ch.length === 0) yield* on(ch.send(1))
      else expect.unreachable()
    }
  })

  for (const name of ['0', '1', '42', '4294967294']) {
    inBothStyles(`may not have the name ${name}: JavaScript would reorder it`, function* (style) {
      const outcome = attempt(style, function* () {
        return yield* on(select({ a: chan(), [name]: chan() }))
      })
      yield* on(idle())
      expect(outcome.error).toMatchObject({ code: 'ERR_OUT_OF_RANGE' })
      expect(() => trySelect({ a: chan(), [name]: chan() })).toThrow(
        expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }),
      )
    })
  }

  test('may have names that only look like integers', () => {
    for (const name of ['01', '-1', '1e3', '', 'toString', '__proto__x']) {
      const ch = chan<number>(1)
      ch.trySend(1)
      expect(trySelect({ [name]: ch })?.case).toBe(name)
    }
  })

  for (const [title, wrong] of Object.entries({
    'a number': 5,
    undefined: undefined,
    'a promise': Promise.resolve(),
    'something like a channel': { receive() {}, send() {} },
    'an operation': chan(1).send(1),
  })) {
    inBothStyles(`must be channels: ${title} fails, wherever it stands, whatever else is ready`, function* (style) {
      const ready = chan<number>(1)
      yield* on(ready.send(1))
      for (const cases of [{ wrong }, { ready, wrong }, { wrong, ready }, [ready, wrong]]) {
        const outcome = attempt(style, function* () {
          return yield* on(select(cases as never))
        })
        yield* on(idle())
        expect(outcome.error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
        expect(() => trySelect(cases as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
      }
      expect(ready.length).toBe(1)
    })
  }

  for (const cases of [undefined, null, 5, 'text']) {
    inBothStyles(`must be a record or an array, not ${String(cases)}`, function* (style) {
      const outcome = attempt(style, function* () {
        return yield* on(select(cases as never))
      })
      yield* on(idle())
      expect(outcome.error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    })
  }

  test('sending() needs a channel', () => {
    for (const wrong of [undefined, null, {}, 5]) {
      expect(() => sending(wrong as never, 1)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }
  })
})

const { decisions } = scheduler
afterEach(() => {
  scheduler.decisions = decisions
})

describe('the choice among ready cases', () => {
  inBothStyles('is asked of the runtime, once per choice, and only when there is one', function* () {
    const asked: [number, DecisionKind][] = []
    scheduler.decisions = {
      choose(n, kind) {
        asked.push([n, kind])
        return n - 1
      },
    }
    const full = (): ReturnType<typeof chan<number>> => {
      const ch = chan<number>(1)
      ch.trySend(1)
      return ch
    }
    expect((yield* on(select([full(), chan(), full(), null, full()]))).case).toBe(4)
    expect((yield* on(select([chan(), full()]))).case).toBe(1)
    expect(trySelect([full(), full()])?.case).toBe(1)
    expect((yield* on(select([full(), full()], { order: 'listed' }))).case).toBe(0)
    expect(asked).toEqual([
      [3, 'select'],
      [2, 'select'],
    ])
  })

  inBothStyles('follows the seed', function* () {
    const run = function* (seed: number) {
      scheduler.decisions = new SeededDecisions(seed)
      const picks: number[] = []
      const ch = chan<number>(100)
      for (let i = 0; i < 50; i++) {
        yield* on(ch.send(1))
        picks.push((yield* on(select([ch, ch, ch]))).case)
      }
      return picks
    }
    const [first, again, other] = [yield* run(1), yield* run(1), yield* run(2)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  inBothStyles('knows no other order', function* (style) {
    const ready = chan<number>(1)
    yield* on(ready.send(1))
    const outcome = attempt(style, function* () {
      return yield* on(select([ready, ready], { order: 'fair' } as unknown as SelectOptions))
    })
    yield* on(idle())
    expect(outcome.error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  })
})

describe('a select under a context', () => {
  inEveryPair('ends with its error, and takes and sends nothing', function* (one, other) {
    const [a, b] = [chan<number>(), chan<number>()]
    const ctx = withCancel(background())
    const outcome = attempt(one, function* () {
      return yield* on(select({ a, sent: sending(b, 1) }, { ctx }))
    })
    yield* on(idle())
    other.go(function* () {
      ctx.cancel('enough')
    })
    yield* on(idle())
    expect(outcome.error).toBeInstanceOf(ContextCanceledError)
    expect(outcome.error).toMatchObject({ cause: 'enough' })
    expect([a.trySend(1), b.tryReceive()]).toEqual([false, undefined])
    expectNoWaiters(a, b)
  })

  inBubbles('ends with the deadline', function* (t, style) {
    const ctx = withTimeout(background(), 1000)
    const outcome = attempt(style, function* () {
      return yield* on(select({ ch: chan() }, { ctx }))
    })
    yield* pass(t, 999)
    expect(outcome.state).toBe('pending')
    yield* pass(t, 1)
    expect(outcome.error).toBeInstanceOf(DeadlineExceededError)
  })

  overKinds(lossless, 'that has ended touches nothing, however ready', function* (kind, style) {
    const [full, roomy] = [kind.make<number>(), kind.make<number>()]
    for (let i = 0; i < kind.capacity; i++) full.trySend(i)
    const outcome = attempt(style, function* () {
      return yield* on(select({ full, sent: sending(roomy, 1) }, { ctx: AbortSignal.abort() }))
    })
    yield* on(idle())
    expect(outcome.error).toBeInstanceOf(ContextCanceledError)
    expect([full.length, roomy.length]).toEqual([kind.capacity, 0])
  })

  inBothStyles('in which everything is nil ends with it', function* (style) {
    const ctx = withCancel(background())
    const outcome = attempt(style, function* () {
      return yield* on(select({ a: null, never }, { ctx }))
    })
    yield* on(idle())
    ctx.cancel()
    yield* on(idle())
    expect(outcome.error).toBeInstanceOf(ContextCanceledError)
  })

  inBothStyles('that is done can be picked like any channel', function* () {
    const ctx = withCancel(background())
    ctx.cancel()
    expect(yield* on(select({ done: ctx.done, ch: chan() }))).toEqual({ case: 'done', ok: false, value: undefined })
  })
})
