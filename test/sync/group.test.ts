import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { background, type Context, chan, Group, goexit, gosched, select, withCancel, withValue } from 'warren'
import { cause, contextKey } from 'warren/context'
import { cancelSource } from '../../src/runtime/cancel-source.ts'
import { attempt, type Body, idle, inBothStyles, on } from '../support/styles.ts'

describe('the context', () => {
  inBothStyles('ends when the first goroutine fails, so that the others can stop', function* () {
    const group = new Group()
    const failure = new Error('first')
    const stopped: unknown[] = []
    for (let i = 0; i < 3; i++) {
      yield* on(
        group.go(async (ctx) => {
          await select({ done: ctx.done })
          stopped.push(cause(ctx))
          throw new Error('later')
        }),
      )
    }
    yield* on(
      group.go(function* (): Body {
        yield* gosched()
        throw failure
      }),
    )
    let thrown: unknown
    try {
      yield* on(group.wait())
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBe(failure)
    expect(stopped).toEqual([failure, failure, failure])
  })

  inBothStyles('is given to each function, and is derived from that of the group', function* () {
    const key = contextKey<string>('key')
    const parent = withCancel(withValue(background(), key, 'value'))
    const group = new Group(parent)
    const seen: (Context | string | undefined)[] = []
    yield* on(group.go((ctx) => void seen.push(ctx, ctx.value(key))))
    parent.cancel()
    expect(group.ctx.err).toBe(parent.err)
    yield* on(group.wait())
    expect(seen).toEqual([group.ctx, 'value'])
  })

  inBothStyles('ends with an AbortSignal, and by cancel', function* () {
    const controller = new AbortController()
    const group = new Group(controller.signal)
    controller.abort('reason')
    expect(group.ctx.err).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', cause: 'reason' })
    const other = new Group()
    yield* on(other.go((ctx) => ctx.done.receive()))
    other.cancel(new Error('enough'))
    yield* on(other.wait())
    expect(cause(other.ctx)).toEqual(new Error('enough'))
  })

  inBothStyles('leaves nothing behind in its parent when wait has ended', function* () {
    const parent = withCancel(background())
    const group = new Group(parent)
    yield* on(group.go(() => {}))
    yield* on(group.wait())
    expect(group.ctx.err).toMatchObject({ code: 'ERR_CONTEXT_CANCELED' })
    expect(parent.err).toBe(undefined)
    const scope = parent[cancelSource] as unknown as { children: { first: unknown } | null }
    expect(scope.children?.first ?? null).toBe(null)
  })
})

describe('go', () => {
  inBothStyles('waits for a place, and starts in the order of the calls', function* (style) {
    const group = new Group({ limit: 2 })
    const gate = chan<void>()
    const started: number[] = []
    const calls = Array.from({ length: 5 }, (_, i) =>
      attempt(style, function* () {
        yield* on(
          group.go(async () => {
            started.push(i)
            await gate.receive()
          }),
        )
      }),
    )
    yield* on(idle())
    expect(started).toEqual([0, 1])
    expect(calls.map(({ state }) => state[0]).join('')).toBe('ddppp')
    expect(group.tryGo(() => {})).toBe(false)
    yield* on(gate.send())
    yield* on(idle())
    expect(started).toEqual([0, 1, 2])
    expect(calls.map(({ state }) => state[0]).join('')).toBe('dddpp')
    for (let i = 0; i < 4; i++) yield* on(gate.send())
    yield* on(group.wait())
    expect(started).toEqual([0, 1, 2, 3, 4])
  })

  inBothStyles('that gives up waiting starts nothing', function* (style) {
    const group = new Group({ limit: 1 })
    const gate = chan<never>()
    const ctx = withCancel(background())
    const started: string[] = []
    yield* on(group.go(() => gate.receive()))
    const given = attempt(style, function* () {
      yield* on(group.go(() => void started.push('given up'), ctx))
    })
    const kept = attempt(style, function* () {
      yield* on(group.go(() => void started.push('kept')))
    })
    yield* on(idle())
    ctx.cancel()
    yield* on(idle())
    expect([given.state, kept.state]).toEqual(['failed', 'pending'])
    gate.close()
    yield* on(group.wait())
    expect(started).toEqual(['kept'])
  })

  test('that nobody waits for starts its function all the same, and wait waits for it', async () => {
    const group = new Group({ limit: 1 })
    const ran: number[] = []
    for (let i = 0; i < 5; i++) void group.go(async () => void ran.push(i))
    await group.wait()
    expect(ran).toEqual([0, 1, 2, 3, 4])
  })

  inBothStyles('counts an end by goexit as no failure', function* (style) {
    const group = new Group()
    yield* on(group.go(() => goexit()))
    yield* on(
      group.go(async () => {
        await gosched()
        goexit()
      }),
    )
    yield* on(
      group.go(function* () {
        yield* gosched()
        goexit()
      }),
    )
    let hasReturned = false
    attempt(style, function* () {
      yield* on(group.wait())
      hasReturned = true
    })
    yield* on(idle())
    expect(hasReturned).toBe(true)
  })

  test('gives a function that had to wait the asynchronous context of its call', async () => {
    const storage = new AsyncLocalStorage<number>()
    const group = new Group({ limit: 1 })
    const seen: (number | undefined)[] = []
    for (let i = 0; i < 4; i++) {
      void storage.run(i, () =>
        group.go(function* () {
          yield* gosched()
          seen.push(storage.getStore())
        }),
      )
    }
    await group.wait()
    expect(seen).toEqual([0, 1, 2, 3])
  })

  test('panics for what is no function', async () => {
    const group = new Group()
    await expect(group.go(undefined as never)).rejects.toMatchObject({ code: 'ERR_GO_NIL' })
    expect(() => group.tryGo(5 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    await group.wait()
  })
})

describe('wait', () => {
  inBothStyles('may be called by many, and before the end', function* (style) {
    const group = new Group()
    const gate = chan<never>()
    const failure = new Error('failed')
    yield* on(
      group.go(async () => {
        await gate.receive()
        throw failure
      }),
    )
    const all = Array.from({ length: 3 }, () =>
      attempt(style, function* () {
        yield* on(group.wait())
      }),
    )
    yield* on(idle())
    gate.close()
    yield* on(idle())
    for (const { error } of all) expect(error).toBe(failure)
  })

  inBothStyles('that is cancelled leaves the goroutines alone', function* (style) {
    const group = new Group()
    const ctx = withCancel(background())
    const gate = chan<never>()
    yield* on(group.go(() => gate.receive()))
    const waiting = attempt(style, function* () {
      yield* on(group.wait(ctx))
    })
    yield* on(idle())
    ctx.cancel()
    yield* on(idle())
    expect(waiting.state).toBe('failed')
    expect(group.ctx.err).toBe(undefined)
    gate.close()
    yield* on(group.wait())
  })
})

describe('await using', () => {
  test('waits for the goroutines of the block, and throws their failure', async () => {
    const steps: string[] = []
    {
      await using group = new Group()
      await group.go(async () => {
        await gosched()
        steps.push('done')
      })
      steps.push('end of block')
    }
    expect(steps).toEqual(['end of block', 'done'])
    const block = async () => {
      await using group = new Group()
      await group.go(() => {
        throw new Error('failed')
      })
    }
    await expect(block()).rejects.toEqual(new Error('failed'))
  })

  test('does not throw again what wait has thrown', async () => {
    const block = async () => {
      await using group = new Group()
      await group.go(() => {
        throw new Error('failed')
      })
      await group.wait()
    }
    await expect(block()).rejects.toEqual(new Error('failed'))
  })

  test('waits for them also when the block is left by an exception', async () => {
    const steps: string[] = []
    const block = async () => {
      await using group = new Group()
      await group.go(async () => {
        await gosched()
        steps.push('done')
      })
      throw new Error('left')
    }
    await expect(block()).rejects.toEqual(new Error('left'))
    expect(steps).toEqual(['done'])
  })

  inBothStyles('has a form for generators, and ends the context', function* () {
    const group = new Group()
    const steps: string[] = []
    try {
      yield* on(group.go(() => void steps.push('done')))
    } finally {
      yield* on(group[Symbol.asyncDispose]())
    }
    expect(steps).toEqual(['done'])
    expect(group.ctx.err).toBeDefined()
  })
})

describe('arguments', () => {
  test('may be options alone, a context alone, both or none', () => {
    for (const group of [
      new Group(),
      new Group(background()),
      new Group(new AbortController().signal),
      new Group({}),
      new Group({ limit: 1 }),
      new Group(undefined, { limit: 1 }),
      new Group(background(), { limit: -1 }),
      new Group({ limit: Number.POSITIVE_INFINITY }),
    ]) {
      expect(group.ctx.err).toBe(undefined)
    }
  })

  test('are checked', () => {
    for (const args of [[5], [null], [{ limit: '1' }], [undefined, { limit: '1' }], [5, {}], [background(), 5]]) {
      expect(() => new Group(...(args as []))).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }
    for (const limit of [0.5, Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => new Group({ limit })).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    }
  })
})
