import { describe, expect, test, vi } from 'vitest'
import { background, ContextCanceledError, chan, fromSignal, never, withCancel, withTimeout } from 'warren'
import { cause } from 'warren/context'
import { Canary, heapAfterGc } from '../support/gc.ts'
import { expectHoldsNothing } from '../support/scopes.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

function spied(): { controller: AbortController; added: () => number; removed: () => number } {
  const controller = new AbortController()
  const add = vi.spyOn(controller.signal, 'addEventListener')
  const remove = vi.spyOn(controller.signal, 'removeEventListener')
  return { controller, added: () => add.mock.calls.length, removed: () => remove.mock.calls.length }
}

describe('fromSignal', () => {
  inBothStyles('ends with the signal: ContextCanceledError, with the reason as its cause', function* (style) {
    const controller = new AbortController()
    const ctx = fromSignal(controller.signal)
    const receive = waiting(style, () => never.receive(withCancel(ctx)))
    yield* on(idle())
    expect([ctx.err, receive.state]).toEqual([undefined, 'pending'])
    controller.abort('the reason')
    expect(ctx.err).toBeInstanceOf(ContextCanceledError)
    expect(cause(ctx)).toBe('the reason')
    yield* on(idle())
    expect(receive.error).toBe(ctx.err)
  })

  test('of a signal that was aborted before has ended', () => {
    const ctx = fromSignal(AbortSignal.abort('before'))
    expect([ctx.err?.cause, String(ctx)]).toEqual(['before', 'context.FromSignal'])
  })

  test('can be cancelled, which the signal does not hear of', () => {
    const controller = new AbortController()
    const ctx = fromSignal(controller.signal)
    ctx.cancel('mine')
    expect([cause(ctx), controller.signal.aborted]).toEqual(['mine', false])
    controller.abort('late')
    expect(cause(ctx)).toBe('mine')
  })

  test('takes one listener per signal, however many contexts, and none once they have ended', () => {
    const { controller, added, removed } = spied()
    const contexts = Array.from({ length: 100 }, () => fromSignal(controller.signal))
    for (const ctx of contexts) withTimeout(ctx, 3_600_000)
    expect([added(), removed()]).toEqual([1, 0])
    for (const ctx of contexts.slice(1)) ctx.cancel()
    expect([added(), removed()]).toEqual([1, 0])
    contexts[0]!.cancel()
    expect([added(), removed()]).toEqual([1, 1])
    const again = fromSignal(controller.signal)
    expect(added()).toBe(2)
    controller.abort('all')
    expect(cause(again)).toBe('all')
    for (const ctx of contexts) expectHoldsNothing(ctx)
  })

  test('ends all contexts of a signal before anybody hears of one', () => {
    const controller = new AbortController()
    const [first, second] = [fromSignal(controller.signal), fromSignal(controller.signal)]
    const seen: unknown[] = []
    first.signal.addEventListener('abort', () => seen.push(second.err === first.err))
    controller.abort()
    expect(seen).toEqual([true])
  })

  test('a signal that outlives its contexts holds none of them', async () => {
    const { signal } = new AbortController()
    const canary = new Canary()
    const use = (): void => {
      using ctx = fromSignal(signal)
      Object.assign(ctx, { canary: canary.hatch() })
    }
    for (let i = 0; i < 10; i++) use()
    expect(await canary.collected(10)).toBe(10)
    const round = (count: number): void => {
      for (let i = 0; i < count; i++) fromSignal(signal).cancel()
    }
    round(1000)
    const before = heapAfterGc()
    round(100_000)
    expect(heapAfterGc() - before).toBeLessThan(2_000_000)
  })

  test('refuses what is no AbortSignal', () => {
    for (const signal of [undefined, null, {}, background(), new EventTarget()]) {
      expect(() => fromSignal(signal as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }
  })
})

describe('ctx.signal', () => {
  test('is aborted when the context ends, with the cause as its reason, or else the error', () => {
    const withCause = withCancel(background())
    const without = withCancel(background())
    const late = withCancel(background())
    const signals = [withCause.signal, without.signal]
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false])
    withCause.cancel('cause')
    without.cancel()
    late.cancel('late')
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true])
    expect([withCause.signal.reason, without.signal.reason]).toEqual(['cause', without.err])
    expect([late.signal.aborted, late.signal.reason]).toEqual([true, 'late'])
    expect(late.signal).toBe(late.signal)
  })

  test('of a context that never ends collects no listeners', () => {
    expect(background().signal).not.toBe(background().signal)
    expect(background().signal.aborted).toBe(false)
  })

  test('of a child is aborted with the parent', () => {
    const parent = withCancel(background())
    const child = withCancel(withCancel(parent))
    const { signal } = child
    parent.cancel('why')
    expect([signal.aborted, signal.reason]).toEqual([true, 'why'])
  })

  test('a context and its signal may go round: the reason arrives', async () => {
    const ctx = withCancel(background())
    const there = fromSignal(ctx.signal)
    const received = chan().receive(there.signal)
    ctx.cancel('round')
    expect(cause(there)).toBe('round')
    await expect(received).rejects.toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'round' })
  })

  test('ends a fetch', async () => {
    const ctx = withCancel(background())
    const response = fetch('http://127.0.0.1:9/', { signal: ctx.signal })
    ctx.cancel(new Error('no longer needed'))
    await expect(response).rejects.toThrow('no longer needed')
  })

  test('a listener that throws does not keep the others from hearing', async () => {
    const parent = withCancel(background())
    const child = withCancel(parent)
    const heard: string[] = []
    parent.signal.onabort = () => heard.push('parent')
    child.signal.onabort = () => heard.push('child')
    parent.cancel()
    expect(heard).toEqual(['parent', 'child'])
  })
})
