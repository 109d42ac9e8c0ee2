import { describe, expect, test } from 'vitest'
import { goexit, gosched, never, PanicError, run, WaitGroup } from 'warren'
import { goroutines } from 'warren/debug'
import { attempt, type Body, idle, inBothStyles, type Outcome, on } from '../support/styles.ts'

describe('WaitGroup', () => {
  inBothStyles('releases all who wait in the step in which the counter becomes zero', function* (style) {
    const wg = new WaitGroup()
    wg.add(2)
    const all: Outcome<void>[] = []
    for (let i = 0; i < 5; i++) {
      all.push(
        attempt(style, function* () {
          yield* on(wg.wait())
        }),
      )
    }
    yield* on(idle())
    wg.done()
    yield* on(idle())
    expect(all.every(({ state }) => state === 'pending')).toBe(true)
    wg.done()
    // Go would panic in those who wait, had they not returned by now; here they are out already.
    wg.add(1)
    yield* on(idle())
    expect(all.every(({ state }) => state === 'done')).toBe(true)
    const next = attempt(style, function* () {
      yield* on(wg.wait())
    })
    yield* on(idle())
    expect(next.state).toBe('pending')
    wg.done()
    yield* on(idle())
    expect(next.state).toBe('done')
  })

  inBothStyles('does not wait while nothing was added', function* () {
    const wg = new WaitGroup()
    yield* on(wg.wait())
    wg.add(3)
    wg.add(-3)
    yield* on(wg.wait())
    wg.add(0)
    yield* on(wg.wait())
  })

  inBothStyles('keeps its counter when a call would make it negative', function* () {
    const wg = new WaitGroup()
    wg.add(1)
    expect(() => wg.add(-2)).toThrow('sync: negative WaitGroup counter')
    wg.done()
    yield* on(wg.wait())
  })

  test('wants an integer', () => {
    const wg = new WaitGroup()
    for (const n of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => wg.add(n)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    }
    for (const n of ['1', undefined, null, 1n]) {
      expect(() => wg.add(n as unknown as number)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
    }
  })
})

describe('go', () => {
  inBothStyles('counts at the call, not at the start', function* () {
    const wg = new WaitGroup()
    const steps: string[] = []
    wg.go(() => void steps.push('plain'))
    wg.go(async () => {
      await gosched()
      steps.push('async')
    })
    wg.go(function* () {
      yield* gosched()
      yield* gosched()
      yield* gosched()
      steps.push('generator')
    })
    expect(steps).toEqual([])
    yield* on(wg.wait())
    expect(steps.sort()).toEqual(['async', 'generator', 'plain'])
  })

  inBothStyles('is done also when the function ends by goexit', function* () {
    const wg = new WaitGroup()
    wg.go(() => goexit())
    wg.go(async () => goexit())
    wg.go(function* (): Body {
      goexit()
    })
    yield* on(wg.wait())
  })

  test('is done also when run kills its goroutines, because main has ended', async () => {
    const wg = new WaitGroup()
    await run(function* () {
      wg.go(function* () {
        yield* never.receive()
      })
      yield* gosched()
    })
    await wg.wait()
  })

  test('panics for what is no function, and counts nothing', async () => {
    const wg = new WaitGroup()
    expect(() => wg.go(undefined as never)).toThrow('go of nil func value')
    expect(() => wg.go(5 as never)).toThrow(PanicError)
    await wg.wait()
  })

  test('starts goroutines under the name of their function', async () => {
    const wg = new WaitGroup()
    wg.go(async function fetcher() {
      await gosched()
    })
    expect(goroutines().map(({ name }) => name)).toContain('fetcher')
    await wg.wait()
  })
})
