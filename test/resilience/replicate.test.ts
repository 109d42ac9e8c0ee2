import { describe, expect, test } from 'vitest'
import { background, type Context, chan, go, goexit, never, sleep, WarrenError, withCancel, withTimeout } from 'warren'
import { goroutines } from 'warren/debug'
import { AllFailedError, replicate } from 'warren/resilience'
import { bubble } from 'warren/testing'
import { inBubbles } from '../support/bubbles.ts'
import { failure, written } from '../support/functions.ts'
import { on } from '../support/styles.ts'

describe('replicate', () => {
  inBubbles('returns the first success, and cancels the others', function* (t, style) {
    const ended: string[] = []
    const ask = written(style, function* (ctx: Context, i: number) {
      try {
        yield* on(sleep([30, 10, 20][i]!, ctx))
        return `replica ${i}`
      } finally {
        ended.push(`${i} at ${t.now()}`)
      }
    })
    expect(yield* on(replicate(3, ask))).toBe('replica 1')
    expect(t.now()).toBe(10)
    yield* on(t.wait())
    expect(ended).toEqual(['1 at 10', '0 at 10', '2 at 10'])
  })

  test(
    'starts all of them at once, in order, under the name of the function',
    bubble(function* () {
      const started: string[] = []
      yield* replicate(3, async function askOne(ctx, i) {
        started.push(`${i} of ${goroutines().filter(({ name }) => name === 'askOne').length}`)
        if (i < 2) await never.receive(ctx)
      })
      expect(started).toEqual(['0 of 3', '1 of 3', '2 of 3'])
    }),
  )

  inBubbles('one that fails is no result while another may succeed', function* (_t, style) {
    const ask = written(style, function* (ctx: Context, i: number) {
      if (i < 2) throw new Error(`no ${i}`)
      yield* on(sleep(5, ctx))
      return i
    })
    expect(yield* on(replicate(3, ask))).toBe(2)
  })

  inBubbles('all that fail are one error, with each of them in the order of the replicas', function* (_t, style) {
    const ask = written(style, function* (ctx: Context, i: number) {
      yield* on(sleep(30 - 10 * i, ctx))
      throw new Error(`no ${i}`)
    })
    const error = yield* failure(() => replicate(3, ask))
    expect(error).toBeInstanceOf(AllFailedError)
    expect(error).toMatchObject({
      code: 'ERR_ALL_FAILED',
      message: 'all 3 attempts failed: no 0; no 1; no 2',
      errors: [{ message: 'no 0' }, { message: 'no 1' }, { message: 'no 2' }],
      cause: { message: 'no 0' },
    })
  })

  inBubbles('the end of its context ends the wait and the replicas', function* (t, style) {
    let ended = 0
    const ask = written(style, function* (ctx: Context) {
      try {
        yield* on(sleep(1000, ctx))
      } finally {
        ended++
      }
    })
    using ctx = withTimeout(background(), 50)
    expect(yield* failure(() => replicate(2, ask, ctx))).toBe(ctx.err)
    expect(t.now()).toBe(50)
    yield* on(t.wait())
    expect(ended).toBe(2)
  })

  inBubbles('an AbortSignal does as a context', function* (t, style) {
    const controller = new AbortController()
    const ask = written(style, function* (ctx: Context) {
      yield* on(sleep(1000, ctx))
    })
    style.go(function* () {
      yield* on(sleep(5))
      controller.abort('enough')
    })
    const error = yield* failure(() => replicate(2, ask, controller.signal))
    expect(error).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'enough' })
    expect(t.now()).toBe(5)
  })

  inBubbles('nothing is started for a context that has ended', function* (_t, style) {
    const ctx = withCancel(background())
    ctx.cancel()
    let started = 0
    const ask = written(style, function* () {
      started++
    })
    expect(yield* failure(() => replicate(2, ask, ctx))).toBe(ctx.err)
    expect(started).toBe(0)
  })

  test(
    'a kill of the caller ends the replicas',
    bubble(function* (t) {
      let ended = 0
      const caller = go(function* () {
        yield* replicate(2, function* (ctx) {
          try {
            yield* sleep(1000, ctx)
          } finally {
            ended++
          }
        })
      })
      yield* t.wait()
      caller.kill()
      yield* t.wait()
      expect([ended, t.now()]).toEqual([2, 0])
    }),
  )

  test(
    "a loser that ignores its cancel holds nobody up, and what it throws later is nobody's",
    bubble(async (t) => {
      const gate = chan<never>()
      const result = await replicate(2, async (_ctx, i) => {
        if (i === 1) return i
        await gate.receive()
        throw new Error('late')
      })
      expect(result).toBe(1)
      gate.close()
      await t.wait()
    }),
  )

  test(
    'plain functions will do, and undefined is a result like others',
    bubble(function* () {
      expect(yield* replicate(2, (_ctx, i) => i)).toBe(0)
      expect(yield* replicate(1, () => undefined)).toBe(undefined)
    }),
  )

  test(
    'one that ends by goexit has failed',
    bubble(async () => {
      const error = await replicate(1, () => goexit()).catch((error: unknown) => error)
      expect(error).toMatchObject({ code: 'ERR_ALL_FAILED', message: expect.stringContaining('goexit') })
    }),
  )

  test('wrong arguments reject', async () => {
    await expect(replicate(0, () => 1)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' })
    await expect(replicate(1.5, () => 1)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' })
    await expect(replicate('2' as never, () => 1)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    await expect(replicate(2, 1 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    await expect(replicate(2, () => 1, {} as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
  })
})

test('that all have failed is an AggregateError, a WarrenError and an AllFailedError, and nothing else is', async () => {
  const error: unknown = await replicate(2, async () => {
    throw new Error('no')
  }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(AggregateError)
  expect(error).toBeInstanceOf(WarrenError)
  expect(error).toBeInstanceOf(AllFailedError)
  expect(new AggregateError([])).not.toBeInstanceOf(AllFailedError)
  expect(new WarrenError('ERR_OTHER', 'other')).not.toBeInstanceOf(AllFailedError)
  expect((error as AllFailedError).errors).toEqual([new Error('no'), new Error('no')])
})
