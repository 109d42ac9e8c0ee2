import { describe, expect, test } from 'vitest'
import {
  background,
  type Context,
  chan,
  DeadlineExceededError,
  go,
  gosched,
  KilledError,
  type Operation,
  PanicError,
  sleep,
  withCancel,
  withValue,
} from 'warren'
import { contextKey } from 'warren/context'
import { goroutines } from 'warren/debug'
import { constant, delays, exponential, retry, type Schedule, timeout, wrap } from 'warren/resilience'
import { bubble } from 'warren/testing'
import { inBubbles } from '../support/bubbles.ts'
import { errorOf } from '../support/error-of.ts'
import { attempt as observe, on } from '../support/styles.ts'

const busy = new Error('busy')

/** A function that fails until the `n`-th try, in each form that a function may have. */
function forms(n: number): [string, (ctx: Context, attempt: number) => unknown][] {
  return [
    [
      'plain',
      (_, attempt) => {
        if (attempt < n) throw busy
        return attempt
      },
    ],
    [
      'async',
      async (_, attempt) => {
        await gosched()
        if (attempt < n) throw busy
        return attempt
      },
    ],
    [
      'generator',
      function* (_, attempt) {
        yield* gosched()
        if (attempt < n) throw busy
        return attempt
      },
    ],
  ]
}

describe('retry', () => {
  inBubbles('tries functions of all forms until they succeed', function* (t) {
    for (const [name, fn] of forms(3)) {
      const start = t.now()
      expect(yield* on(retry(fn, exponential(100).attempts(3))), name).toBe(3)
      expect(t.now() - start, name).toBe(300)
      expect(yield* on(retry(fn, delays(1, 2))), name).toBe(3)
    }
  })

  inBubbles('throws the last error as it is when the schedule gives no more', function* (t) {
    for (const [name, fn] of forms(9)) {
      const start = t.now()
      expect(yield* errorOf(() => retry(fn, constant(10).attempts(4))), name).toBe(busy)
      expect(t.now() - start, name).toBe(30)
      expect(yield* errorOf(() => retry(fn, delays())), name).toBe(busy)
    }
  })

  inBubbles('tells the schedule which try it was, and the times', function* () {
    const told: unknown[] = []
    const schedule = exponential(10)
      .attempts(4)
      .onRetry(({ attempt, error, elapsedMs, delayMs }, nextMs) => {
        told.push([attempt, error, elapsedMs, delayMs, nextMs])
      })
    const fn = async (_: Context, attempt: number): Promise<void> => {
      await sleep(1000)
      throw attempt
    }
    expect(yield* errorOf(() => retry(fn, schedule))).toBe(4)
    expect(told).toEqual([
      [1, 1, 0, 0, 10],
      [2, 2, 1010, 10, 20],
      [3, 3, 2030, 20, 40],
    ])
  })

  inBubbles('begins with a schedule anew in each call', function* (t, style) {
    const schedule = exponential(100).attempts(3)
    const start = t.now()
    const fails = () => Promise.reject(busy)
    const all = [1, 2, 3].map(() => observe(style, () => on(retry(fails, schedule))))
    yield* on(sleep(299))
    yield* on(t.wait())
    expect(all.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending'])
    yield* on(sleep(1))
    yield* on(t.wait())
    expect(all.map(({ error }) => error)).toEqual([busy, busy, busy])
    expect(t.now() - start).toBe(300)
  })

  inBubbles('gives each try a context of its own, below the one it was given', function* () {
    const key = contextKey<string>('user')
    const seen: Context[] = []
    const fn = (ctx: Context, attempt: number): string | undefined => {
      seen.push(ctx)
      if (attempt < 3) throw busy
      return ctx.value(key)
    }
    expect(yield* on(retry(fn, constant(1), withValue(background(), key, 'me')))).toBe('me')
    expect(new Set(seen).size).toBe(3)
    expect(seen.every((ctx) => ctx.err !== undefined)).toBe(true)
  })

  inBubbles('does not try again what was told to stop, what was killed, and misuse', function* () {
    const controller = new AbortController()
    controller.abort()
    const ended = withCancel(background())
    ended.cancel('enough')
    const finals: unknown[] = [
      new DOMException('This operation was aborted', 'AbortError'),
      ended.err,
      controller.signal.reason,
      wrap(ended.err, 'the page cannot be loaded'),
      new KilledError('goroutine 7 was killed'),
      new PanicError('ERR_SEND_CLOSED'),
    ]
    for (const final of finals) {
      let tries = 0
      const fn = (): never => {
        tries++
        throw final
      }
      expect(yield* errorOf(() => retry(fn, constant(1)))).toBe(final)
      expect(tries).toBe(1)
    }
  })

  inBubbles('tries again what took too long', function* (t) {
    const outcomes: unknown[] = []
    const schedule = constant(0)
      .attempts(3)
      .onRetry(({ error }) => void outcomes.push(error))
    const slow = (ctx: Context, attempt: number) => timeout((scope) => sleep(attempt < 3 ? 1000 : 1, scope), 50, ctx)
    yield* on(retry(slow, schedule))
    expect(outcomes).toEqual([expect.any(DeadlineExceededError), expect.any(DeadlineExceededError)])
    expect(t.now()).toBe(101)
    const aborted = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    const tries: number[] = []
    const fn = (_: Context, attempt: number): number => {
      tries.push(attempt)
      if (attempt === 1) throw aborted
      return attempt
    }
    expect(yield* on(retry(fn, constant(0)))).toBe(2)
  })

  inBubbles('throws what the schedule throws', function* () {
    const wrong = new TypeError('no such property')
    const schedule = constant(1).retryIf(() => {
      throw wrong
    })
    expect(yield* errorOf(() => retry(() => Promise.reject(busy), schedule))).toBe(wrong)
  })

  inBubbles('refuses what is no argument of its', function* () {
    const ended = withCancel(background())
    ended.cancel()
    const calls: [() => Operation<unknown>, string][] = [
      [() => retry(null as never, constant(1)), 'ERR_GO_NIL'],
      [() => retry(7 as never, constant(1)), 'ERR_INVALID_ARG_TYPE'],
      [() => retry(() => 1, 5 as never), 'ERR_INVALID_ARG_TYPE'],
      [() => retry(() => 1, undefined as never), 'ERR_INVALID_ARG_TYPE'],
      [() => retry(() => 1, constant(1), {} as never), 'ERR_INVALID_ARG_TYPE'],
      [() => retry(() => 1, constant(1), ended), 'ERR_CONTEXT_CANCELED'],
      [() => timeout(() => 1, '1' as never), 'ERR_INVALID_ARG_TYPE'],
    ]
    for (const [call, code] of calls) expect(yield* errorOf(call), String(call)).toMatchObject({ code })
  })

  test(
    'names its goroutines after itself and the function',
    bubble(async () => {
      const gate = chan<void>()
      const caller = go(() =>
        retry(async function fetchPage() {
          await gate.receive()
        }, constant(1)),
      )
      await gosched()
      await gosched()
      await gosched()
      expect(goroutines().map(({ name }) => name)).toEqual(expect.arrayContaining(['retry', 'fetchPage']))
      gate.close()
      await caller.join()
    }),
  )
})

/** Compile-time only: what a retry gives is what its function gives. */
export function typesOfRetry(schedule: Schedule): Operation<number>[] {
  return [
    retry(() => 1, schedule),
    retry(async () => 1, schedule),
    retry(function* () {
      yield* sleep(1)
      return 1
    }, schedule),
    retry((ctx, attempt) => sleep(1, ctx).then(() => attempt), schedule),
  ]
}
