import { describe, expect, test } from 'vitest'
import { background, chan, go, goexit, gosched, never, Once, onceFunc, onceValue, withCancel } from 'warren'
import { goroutines } from 'warren/debug'
import { Canary } from '../support/gc.ts'
import { attempt, type Body, idle, inBothStyles, on } from '../support/styles.ts'

/** A function in each style; all wait for `gate`, then count. */
function bodies(gate: { receive(): ReturnType<ReturnType<typeof chan<void>>['receive']> }, count: () => void) {
  return {
    async: async () => {
      await gate.receive()
      count()
    },
    *generator(): Body {
      yield* gate.receive()
      count()
    },
    'plain, of a promise': () => gate.receive().then(count),
  }
}

for (const form of ['async', 'generator', 'plain, of a promise'] as const) {
  describe(`Once with a function that is ${form}`, () => {
    inBothStyles('runs it once, and everybody waits until it is done', function* (style) {
      const gate = chan<void>()
      let calls = 0
      const fn = bodies(gate, () => calls++)[form]
      const once = new Once()
      const all = Array.from({ length: 5 }, () =>
        attempt(style, function* () {
          yield* on(once.do(fn))
          expect(calls).toBe(1)
        }),
      )
      yield* on(idle())
      expect(all.map(({ state }) => state)).toEqual(new Array(5).fill('pending'))
      yield* on(gate.send())
      yield* on(idle())
      expect(all.map(({ state }) => state)).toEqual(new Array(5).fill('done'))
      yield* on(once.do(fn))
      expect(calls).toBe(1)
    })
  })
}

describe('Once', () => {
  test('runs its function in a goroutine of its own, of its name', async () => {
    const once = new Once()
    let names: string[] = []
    await once.do(async function setUp() {
      await gosched()
      names = goroutines().map(({ name }) => name)
    })
    expect(names).toContain('setUp')
  })

  inBothStyles('gives the failure to the first caller, and counts as done for the others', function* (style) {
    const once = new Once()
    const gate = chan<never>()
    const fn = async () => {
      await gate.receive()
      throw new Error('failed')
    }
    const all = Array.from({ length: 3 }, () =>
      attempt(style, function* () {
        yield* on(once.do(fn))
      }),
    )
    yield* on(idle())
    gate.close()
    yield* on(idle())
    expect(all.map(({ state }) => state)).toEqual(['failed', 'done', 'done'])
    expect(all[0]?.error).toEqual(new Error('failed'))
    yield* on(once.do(fn))
  })

  inBothStyles('ends the first caller by goexit when its function does', function* (style) {
    const once = new Once()
    const steps: string[] = []
    const caller = () =>
      attempt(style, function* () {
        try {
          yield* on(once.do(() => goexit()))
          steps.push('returned')
        } finally {
          steps.push('finally')
        }
      })
    const first = caller()
    const second = caller()
    yield* on(idle())
    expect([first.state, second.state]).toEqual(['done', 'done'])
    expect(steps.sort()).toEqual(['finally', 'finally', 'returned'])
  })

  inBothStyles('goes on for the others when the first caller gives up', function* (style) {
    const once = new Once()
    const gate = chan<never>()
    const ctx = withCancel(background())
    let calls = 0
    const fn = async () => {
      calls++
      await gate.receive()
    }
    const first = attempt(style, function* () {
      yield* on(once.do(fn, ctx))
    })
    const second = attempt(style, function* () {
      yield* on(once.do(fn))
    })
    yield* on(idle())
    ctx.cancel()
    yield* on(idle())
    expect([first.state, second.state]).toEqual(['failed', 'pending'])
    gate.close()
    yield* on(idle())
    expect([second.state, calls]).toEqual(['done', 1])
  })

  inBothStyles('does not start under a context that has ended', function* (style) {
    const once = new Once()
    let calls = 0
    const refused = attempt(style, function* () {
      yield* on(once.do(() => void calls++, AbortSignal.abort()))
    })
    yield* on(idle())
    expect([refused.state, calls]).toEqual(['failed', 0])
    yield* on(once.do(() => void calls++))
    expect(calls).toBe(1)
  })

  inBothStyles('deadlocks when its function calls it again', function* (style) {
    const once = new Once()
    const outer = attempt(style, function* () {
      yield* on(once.do(() => once.do(() => {})))
    })
    yield* on(idle())
    expect(outer.state).toBe('pending')
  })

  test('holds nothing of a first caller that has given up', async () => {
    const canary = new Canary()
    const once = new Once()
    const ctx = withCancel(background())
    const gate = chan<never>()
    go(function* (held: object) {
      try {
        yield* once.do(() => gate.receive(), ctx)
      } catch {
        yield* never.receive()
      }
      return held
    }, canary.hatch())
    await idle()
    ctx.cancel()
    expect(await canary.collected(1)).toBe(1)
    gate.close()
    await once.do(() => {})
  })

  test('panics for what is no function, and is not done then', async () => {
    const once = new Once()
    await expect(once.do(undefined as never)).rejects.toMatchObject({ code: 'ERR_GO_NIL' })
    await expect(once.do(5 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    let calls = 0
    await once.do(() => void calls++)
    expect(calls).toBe(1)
  })
})

describe('onceFunc and onceValue', () => {
  inBothStyles('give all callers the one value, whatever it is', function* () {
    for (const value of [undefined, null, Number.NaN, 0, 'text', { an: 'object' }]) {
      const f = onceValue(() => value)
      for (let i = 0; i < 3; i++) expect(yield* on(f())).toBe(value)
    }
  })

  inBothStyles('give all callers the one failure, also those who come later', function* (style) {
    const gate = chan<never>()
    const failure = new Error('failed')
    const f = onceFunc(async () => {
      await gate.receive()
      throw failure
    })
    const all = Array.from({ length: 3 }, () =>
      attempt(style, function* () {
        yield* on(f())
      }),
    )
    yield* on(idle())
    gate.close()
    yield* on(idle())
    for (const { error } of all) expect(error).toBe(failure)
    const later = attempt(style, function* () {
      yield* on(f())
    })
    yield* on(idle())
    expect(later.error).toBe(failure)
  })

  inBothStyles('take a context, which ends only the wait', function* (style) {
    const gate = chan<string>()
    const f = onceValue(() => gate.receive())
    const ctx = withCancel(background())
    const first = attempt(style, function* () {
      return yield* on(f(ctx))
    })
    const second = attempt(style, function* () {
      return yield* on(f())
    })
    yield* on(idle())
    ctx.cancel()
    yield* on(gate.send('value'))
    yield* on(idle())
    expect([first.state, second.value]).toEqual(['failed', 'value'])
  })

  test('want a function', () => {
    for (const make of [onceFunc, onceValue]) {
      expect(() => make(undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }
  })
})
