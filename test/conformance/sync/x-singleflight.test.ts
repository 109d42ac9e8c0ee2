import { describe, expect } from 'vitest'
import { chan, type Flight, goexit, SingleFlight, WaitGroup } from 'warren'
import { attempt, type Body, idle, inBothStyles, on } from '../../support/styles.ts'

describe('SingleFlight', () => {
  // Go: golang.org/x/sync/singleflight, TestDo and TestDoChan
  inBothStyles('returns what the function returned', function* () {
    const g = new SingleFlight<string, string>()
    expect(yield* on(g.do('key', () => 'bar'))).toEqual({ value: 'bar', shared: false })
  })

  // Go: golang.org/x/sync/singleflight, TestDoErr
  inBothStyles('throws what the function threw', function* () {
    const g = new SingleFlight<string, string>()
    const some = new Error('some error')
    let thrown: unknown
    try {
      yield* on(
        g.do('key', async () => {
          throw some
        }),
      )
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBe(some)
  })

  // Go: golang.org/x/sync/singleflight, TestDoDupSuppress
  inBothStyles('calls the function once for all who ask meanwhile', function* (style) {
    const g = new SingleFlight<string, string | undefined>()
    const c = chan<string>(1)
    const all = new WaitGroup()
    let calls = 0
    const results: Flight<string | undefined>[] = []
    for (let i = 0; i < 10; i++) {
      all.add(1)
      style.go(function* (): Body {
        const flight = yield* on(
          g.do('key', function* () {
            calls++
            return yield* c.receive()
          }),
        )
        results.push(flight)
        all.done()
      })
    }
    yield* on(idle())
    yield* on(c.send('bar'))
    yield* on(all.wait())
    expect(calls).toBe(1)
    expect(results).toEqual(new Array(10).fill({ value: 'bar', shared: true }))
  })

  // Go: golang.org/x/sync/singleflight, TestForget (issue 31420)
  inBothStyles('keeps a call that followed a forgotten one when the forgotten one ends', function* (style) {
    const g = new SingleFlight<string, number>()
    const started = chan<never>()
    const unblockFirst = chan<never>()
    const unblockSecond = chan<never>()
    const first = attempt(style, function* () {
      return yield* on(
        g.do('key', async () => {
          started.close()
          await unblockFirst.receive()
          return 1
        }),
      )
    })
    yield* on(started.receive())
    g.forget('key')
    const second = attempt(style, function* () {
      return yield* on(
        g.do('key', async () => {
          await unblockSecond.receive()
          return 2
        }),
      )
    })
    yield* on(idle())
    unblockFirst.close()
    yield* on(idle())
    expect(first.value).toEqual({ value: 1, shared: false })
    const third = attempt(style, function* () {
      return yield* on(g.do('key', () => 3))
    })
    yield* on(idle())
    unblockSecond.close()
    yield* on(idle())
    expect(second.value).toEqual({ value: 2, shared: true })
    expect(third.value).toEqual({ value: 2, shared: true })
  })

  // Go: golang.org/x/sync/singleflight, TestPanicDo (issue 41133) and TestPanicErrorUnwrap
  inBothStyles('throws the same to all who asked', function* (style) {
    const g = new SingleFlight<string, number>()
    const boom = new TypeError('boom')
    const all = Array.from({ length: 5 }, () =>
      attempt(style, function* () {
        return yield* on(
          g.do('key', () => {
            throw boom
          }),
        )
      }),
    )
    yield* on(idle())
    for (const { error } of all) expect(error).toBe(boom)
  })

  // Go: golang.org/x/sync/singleflight, TestGoexitDo
  inBothStyles('ends all who asked, when the function ends by goexit', function* (style) {
    const g = new SingleFlight<string, number>()
    const finished: string[] = []
    const all = Array.from({ length: 5 }, () =>
      attempt(style, function* () {
        try {
          yield* on(g.do('key', () => goexit()))
          finished.push('returned')
        } finally {
          finished.push('finally')
        }
      }),
    )
    yield* on(idle())
    expect(finished).toEqual(new Array(5).fill('finally'))
    for (const { state } of all) expect(state, 'no error: they have exited').toBe('done')
  })

  // Go: golang.org/x/sync/singleflight, ExampleGroup
  inBothStyles('says that a result was shared', function* (style) {
    const g = new SingleFlight<string, string>()
    const block = chan<never>()
    const calls = ['func 1', 'func 2'].map((value) =>
      attempt(style, function* () {
        return yield* on(
          g.do('key', function* () {
            yield* block.receive()
            return value
          }),
        )
      }),
    )
    yield* on(idle())
    block.close()
    yield* on(idle())
    for (const { value } of calls) expect(value).toEqual({ value: 'func 1', shared: true })
  })
})
