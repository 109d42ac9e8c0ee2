import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { background, fromSignal, sleep, withCancel, withTimeout, withValue } from 'warren'
import { afterFunc, contextKey } from 'warren/context'
import { bubble } from 'warren/testing'
import { childrenOf, expectHoldsNothing } from '../support/scopes.ts'
import { watchTimers } from '../support/timers.ts'

test(
  'afterFunc never calls the function within the cancel',
  bubble(async (t) => {
    const ctx = withCancel(background())
    const calls: string[] = []
    afterFunc(ctx, () => void calls.push('before'))
    ctx.cancel()
    afterFunc(ctx, () => void calls.push('after'))
    expect(calls).toEqual([])
    await t.wait()
    expect(calls).toEqual(['before', 'after'])
  }),
)

test(
  'afterFunc of a context that a function of another one ends',
  bubble(async (t) => {
    const calls: string[] = []
    const first = withCancel(background())
    const second = withCancel(background())
    afterFunc(first, () => second.cancel())
    afterFunc(second, async () => void calls.push('async'))
    afterFunc(second, function* () {
      calls.push('generator')
    })
    first.cancel()
    await t.wait()
    expect(calls).toEqual(['async', 'generator'])
  }),
)

test(
  'afterFunc of a context with a value, of a deadline and of a signal',
  bubble(async (t) => {
    const calls: string[] = []
    const controller = new AbortController()
    afterFunc(withValue(withTimeout(background(), 10), contextKey('k'), 1), () => void calls.push('deadline'))
    afterFunc(fromSignal(controller.signal), () => void calls.push('signal'))
    await sleep(10)
    await t.wait()
    expect(calls).toEqual(['deadline'])
    controller.abort()
    await t.wait()
    expect(calls).toEqual(['deadline', 'signal'])
  }),
)

test(
  'stop says whether it called the function off, and leaves nothing on the context',
  bubble(async () => {
    const ctx = withCancel(background())
    const stops = Array.from({ length: 3 }, () => afterFunc(ctx, () => {}))
    expect(childrenOf(ctx)).toHaveLength(3)
    expect([stops[1]!(), stops[1]!()]).toEqual([true, false])
    expect(childrenOf(ctx)).toHaveLength(2)
    ctx.cancel()
    expect(stops.map((stop) => stop())).toEqual([false, false, false])
    expectHoldsNothing(ctx)
  }),
)

test(
  'a context that never ends never calls, and can be called off',
  bubble(async (t) => {
    const calls: number[] = []
    const stop = afterFunc(background(), () => void calls.push(1))
    await t.wait()
    expect([calls.length, stop(), stop()]).toEqual([0, true, false])
  }),
)

test(
  'it does not keep the program alive',
  bubble(async () => {
    const timers = watchTimers()
    afterFunc(withTimeout(background(), 10), () => {})
    expect([timers.pending, timers.retained]).toEqual([1, 0])
  }),
)

test(
  'the function runs in the asynchronous context in which it was registered',
  bubble(async (t) => {
    const storage = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const ctx = withCancel(background())
    storage.run('here', () => afterFunc(ctx, () => void seen.push(storage.getStore())))
    storage.run('there', () => ctx.cancel())
    await t.wait()
    expect(seen).toEqual(['here'])
  }),
)

test(
  'wrong arguments',
  bubble(async () => {
    const code = 'ERR_INVALID_ARG_TYPE'
    expect(() => afterFunc(background(), undefined as never)).toThrow(expect.objectContaining({ code }))
    expect(() => afterFunc(undefined as never, () => {})).toThrow(expect.objectContaining({ code }))
    expect(() => afterFunc(10 as never, () => {})).toThrow(expect.objectContaining({ code }))
  }),
)
