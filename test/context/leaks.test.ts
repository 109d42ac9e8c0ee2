// What contexts hold, and for how long.
import { describe, expect, test } from 'vitest'
import { background, type Context, chan, go, never, select, withCancel, withTimeout, withValue } from 'warren'
import { afterFunc, contextKey } from 'warren/context'
import { Canary, heapAfterGc } from '../support/gc.ts'
import { expectHoldsNothing, expectNoWaits } from '../support/scopes.ts'
import { idle } from '../support/styles.ts'

describe('goroutines that nothing can wake are garbage', () => {
  const key = contextKey<object>('canary')
  const makers: Record<string, () => Context> = {
    'a context that nobody can cancel any more': () => withCancel(background()),
    'one below such a context': () => withCancel(withValue(withCancel(background()), key, {})),
    'a context that never ends': background,
  }
  for (const [name, make] of Object.entries(makers)) {
    test(`blocked on done, and under the context: ${name}`, async () => {
      const canary = new Canary()
      for (let i = 0; i < 5; i++) {
        go(function* (held: object) {
          yield* make().done.receive()
          return held
        }, canary.hatch())
        go(async (held: object) => {
          await select({ done: make().done })
          return held
        }, canary.hatch())
        go(function* (held: object) {
          yield* chan().receive(make())
          return held
        }, canary.hatch())
        go(async (held: object) => {
          await never.receive(make())
          return held
        }, canary.hatch())
      }
      expect(await canary.collected(20)).toBe(20)
    })
  }
})

describe('a context that lives long', () => {
  test('holds nothing of those derived from it that have ended', async () => {
    const parent = withCancel(background())
    const canary = new Canary()
    const use = (): void => {
      using child = withTimeout(parent, 3_600_000)
      Object.assign(child, { canary: canary.hatch() })
      child.done.tryReceive()
      void child.signal
    }
    for (let i = 0; i < 10; i++) use()
    expectHoldsNothing(parent)
    expect(await canary.collected(10)).toBe(10)
  })

  test('holds nothing of functions that were called off', () => {
    const ctx = withCancel(background())
    for (let i = 0; i < 1000; i++) afterFunc(ctx, () => {})()
    expectHoldsNothing(ctx)
  })

  test('grows by nothing under a million selects on its done, in both styles', { timeout: 120_000 }, async () => {
    const ctx = withCancel(background())
    const rounds = async (count: number): Promise<void> => {
      const ch = chan<number>()
      go(function* () {
        for (let i = 0; i < count; i++) yield* ch.send(i)
        ch.close()
      })
      const half = go(function* () {
        for (let i = 0; i < count / 2; i++) yield* select({ ch, done: ctx.done })
      })
      for (let i = 0; i < count / 2; i++) await select({ ch, done: ctx.done })
      await half.join()
    }
    await rounds(10_000)
    expectNoWaits(ctx)
    const before = heapAfterGc()
    await rounds(1_000_000)
    expectNoWaits(ctx)
    // A waiter that stayed would take more than 100 bytes.
    expect(heapAfterGc() - before).toBeLessThan(20_000_000)
  })

  test('grows by nothing under many waits with it as their context', async () => {
    const ctx = withCancel(background())
    const { signal } = new AbortController()
    const rounds = async (count: number): Promise<void> => {
      const ch = chan<number>()
      go(async () => {
        for (let i = 0; i < count; i++) await ch.send(i, i % 2 === 0 ? ctx : signal)
      })
      for (let i = 0; i < count; i++) await ch.receive(i % 3 === 0 ? ctx : signal)
    }
    await rounds(1000)
    const before = heapAfterGc()
    await rounds(100_000)
    expectNoWaits(ctx)
    expect(heapAfterGc() - before).toBeLessThan(4_000_000)
  })

  test('grows by nothing under derived contexts with timeouts that are cancelled', async () => {
    const parent = withCancel(background())
    const round = (count: number): void => {
      for (let i = 0; i < count; i++) {
        using ctx = withTimeout(parent, 3_600_000)
        void ctx.err
      }
    }
    round(1000)
    const before = heapAfterGc()
    round(100_000)
    await idle()
    expectHoldsNothing(parent)
    expect(heapAfterGc() - before).toBeLessThan(4_000_000)
  })
})
