import { describe, expect, test } from 'vitest'
import { background, type Context, chan, go, sleep, withCancel, withTimeout } from 'warren'
import { BulkheadFullError, type BulkheadOptions, bulkhead } from 'warren/resilience'
import { inBubbles } from '../support/bubbles.ts'
import { errorOf } from '../support/error-of.ts'
import { attempt, on } from '../support/styles.ts'

describe('a bulkhead', () => {
  inBubbles('runs so many at a time, lets so many wait in order, and refuses the others', function* (t, style) {
    const slots = bulkhead({ concurrency: 2, queue: 2 })
    const started: number[] = []
    const fn = (i: number) => async (): Promise<number> => {
      started.push(i)
      await sleep(100)
      return i
    }
    const all = [0, 1, 2, 3, 4, 5].map((i) => attempt(style, () => on(slots.run(fn(i)))))
    yield* on(t.wait())
    expect(all.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending', 'pending', 'failed', 'failed'])
    expect(all[4]!.error).toBeInstanceOf(BulkheadFullError)
    expect(all[4]!.error).toMatchObject({
      code: 'ERR_BULKHEAD_FULL',
      message: 'bulkhead is full: 2 running, 2 waiting',
      bulkhead: undefined,
    })
    expect(slots.stats()).toEqual({ running: 2, queued: 2, rejected: 2 })
    expect(started).toEqual([0, 1])
    yield* on(sleep(100))
    yield* on(t.wait())
    expect(started).toEqual([0, 1, 2, 3])
    expect(slots.stats()).toEqual({ running: 2, queued: 0, rejected: 2 })
    yield* on(sleep(100))
    yield* on(t.wait())
    expect(all.slice(0, 4).map(({ value }) => value)).toEqual([0, 1, 2, 3])
    expect(slots.stats()).toEqual({ running: 0, queued: 0, rejected: 2 })
  })

  inBubbles('lets nobody wait unless told', function* (_, style) {
    const slots = bulkhead({ name: 'database', concurrency: 1 })
    const first = style.go(() => on(slots.run(() => sleep(10))))
    yield* on(sleep(1))
    expect(yield* errorOf(() => slots.run(() => 1))).toMatchObject({
      message: 'database: bulkhead is full: 1 running, 0 waiting',
    })
    yield* on(first.join())
    expect(yield* on(slots.run(() => 2))).toBe(2)
  })

  inBubbles('makes room when a function fails', function* () {
    const slots = bulkhead({ concurrency: 1 })
    const wrong = new Error('wrong')
    for (let i = 0; i < 3; i++) expect(yield* errorOf(() => slots.run(() => Promise.reject(wrong)))).toBe(wrong)
    expect(slots.stats().running).toBe(0)
  })

  inBubbles('does not call for who gave up while waiting', function* (t, style) {
    const slots = bulkhead({ concurrency: 1, queue: 2 })
    const gate = chan<void>()
    const first = style.go(() => on(slots.run(() => gate.receive())))
    yield* on(t.wait())
    const called: string[] = []
    const ctx = withCancel(background())
    const cancelled = attempt(style, () => on(slots.run(() => void called.push('cancelled'), ctx)))
    const killed = go(function* () {
      yield* slots.run(() => void called.push('killed'))
    })
    yield* on(t.wait())
    expect(slots.stats().queued).toBe(2)
    ctx.cancel()
    killed.kill()
    yield* on(t.wait())
    expect(cancelled.error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
    expect(slots.stats().queued).toBe(0)
    gate.close()
    yield* on(first.join())
    yield* on(t.wait())
    expect(called).toEqual([])
    expect(slots.stats()).toEqual({ running: 0, queued: 0, rejected: 0 })
  })

  inBubbles('counts a call as running until its function has ended, whoever waits for it', function* (t) {
    const slots = bulkhead({ concurrency: 1 })
    const gate = chan<void>()
    using ctx = withTimeout(background(), 10)
    expect(yield* errorOf(() => slots.run(() => gate.receive(), ctx))).toMatchObject({ code: 'ERR_DEADLINE_EXCEEDED' })
    expect(slots.stats().running).toBe(1)
    gate.close()
    yield* on(t.wait())
    expect(slots.stats().running).toBe(0)
  })

  inBubbles('ends the context of a function that waited, when its caller gives up', function* (t, style) {
    const slots = bulkhead({ concurrency: 1, queue: 1 })
    const first = style.go(() => on(slots.run(() => sleep(10))))
    yield* on(t.wait())
    const seen: unknown[] = []
    const fn = (ctx: Context) => sleep(1000, ctx).catch((error: unknown) => void seen.push(error))
    const caller = go(function* () {
      yield* slots.run(fn)
    })
    yield* on(sleep(20))
    caller.kill()
    yield* on(t.wait())
    expect(seen).toMatchObject([{ code: 'ERR_CONTEXT_CANCELED' }])
    expect(slots.stats().running).toBe(0)
    yield* on(first.join())
  })

  test('refuses wrong options', () => {
    const wrong: [BulkheadOptions, string][] = [
      [undefined as never, 'ERR_INVALID_ARG_TYPE'],
      [{} as never, 'ERR_INVALID_ARG_TYPE'],
      [{ concurrency: 0 }, 'ERR_OUT_OF_RANGE'],
      [{ concurrency: 1.5 }, 'ERR_OUT_OF_RANGE'],
      [{ concurrency: 1, queue: -1 }, 'ERR_OUT_OF_RANGE'],
      [{ concurrency: 1, queue: '1' as never }, 'ERR_INVALID_ARG_TYPE'],
    ]
    for (const [options, code] of wrong) expect(() => bulkhead(options)).toThrow(expect.objectContaining({ code }))
    expect(bulkhead({ concurrency: 1, queue: Number.POSITIVE_INFINITY }).stats().queued).toBe(0)
  })
})
