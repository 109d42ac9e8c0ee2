import { describe, expect } from 'vitest'
import { type Context, chan, DeadlineExceededError, sleep } from 'warren'
import { timeout } from 'warren/resilience'
import { inBubbles } from '../support/bubbles.ts'
import { errorOf } from '../support/error-of.ts'
import { on } from '../support/styles.ts'

const busy = new Error('busy')

describe('timeout', () => {
  inBubbles('gives what the function gives, in time', function* (t) {
    expect(yield* on(timeout(() => 7, 10))).toBe(7)
    expect(yield* on(timeout(async () => 8, 10))).toBe(8)
    expect(
      yield* on(
        timeout(function* () {
          yield* sleep(9)
          return 9
        }, 10),
      ),
    ).toBe(9)
    expect(yield* errorOf(() => timeout(() => Promise.reject(busy), 10))).toBe(busy)
    expect(t.now()).toBe(9)
  })

  inBubbles('ends when the time has passed, whether the function heeds its context or not', function* (t) {
    const gate = chan<void>()
    const seen: unknown[] = []
    expect(yield* errorOf(() => timeout(() => gate.receive(), 10))).toBeInstanceOf(DeadlineExceededError)
    const heeds = (ctx: Context) => gate.receive(ctx).catch((error: unknown) => seen.push(error))
    expect(yield* errorOf(() => timeout(heeds, 10, new AbortController().signal))).toBeInstanceOf(DeadlineExceededError)
    expect(t.now()).toBe(20)
    yield* on(t.wait())
    expect(seen).toEqual([expect.any(DeadlineExceededError)])
    gate.close()
  })

  inBubbles('calls nothing when there is no time at all', function* (t) {
    let calls = 0
    const hangs = () => {
      calls++
      return new Promise<void>(() => {})
    }
    for (const ms of [0, -1]) {
      for (const ctx of [undefined, t.ctx, new AbortController().signal]) {
        expect(yield* errorOf(() => timeout(hangs, ms, ctx))).toBeInstanceOf(DeadlineExceededError)
      }
    }
    expect(calls).toBe(0)
    expect(t.now()).toBe(0)
  })

  inBubbles('leaves no timer behind', function* (t) {
    yield* on(timeout(() => 1, 60_000))
    yield* on(t.wait())
    expect(t.now()).toBe(0)
  })
})
