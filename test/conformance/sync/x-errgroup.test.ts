import { describe, expect } from 'vitest'
import { background, type Context, chan, Group, type GroupOptions, gosched } from 'warren'
import { cause } from 'warren/context'
import { type Body, inBothStyles, on, type Style } from '../../support/styles.ts'

const first = new Error('group_test: 1')
const second = new Error('group_test: 2')

function* failure(group: Group): Body<unknown> {
  try {
    yield* on(group.wait())
    return undefined
  } catch (error) {
    return error
  }
}

function ending(error: Error | undefined): () => Promise<void> {
  return async () => {
    if (error !== undefined) throw error
  }
}

const cases: readonly (readonly (Error | undefined)[])[] = [
  [],
  [undefined],
  [first],
  [first, undefined],
  [first, undefined, second],
]

function titleOf(errors: (typeof cases)[number]): string {
  return `[${errors.map((error) => error?.message ?? 'none').join(', ')}]`
}

describe('Group', () => {
  for (const errors of cases) {
    // Go: golang.org/x/sync/errgroup, TestZeroGroup
    inBothStyles(`throws the first error at every wait from then on: ${titleOf(errors)}`, function* () {
      const group = new Group()
      let expected: Error | undefined
      for (const error of errors) {
        yield* on(group.go(ending(error)))
        expected ??= error
        expect(yield* failure(group)).toBe(expected)
      }
    })

    // Go: golang.org/x/sync/errgroup, TestWithContext and TestCancelCause
    for (const way of ['go', 'tryGo'] as const) {
      inBothStyles(`ends its context, with the first error as the cause (${way}): ${titleOf(errors)}`, function* () {
        const group = new Group(background())
        for (const error of errors) {
          if (way === 'go') yield* on(group.go(ending(error)))
          else expect(group.tryGo(ending(error))).toBe(true)
        }
        const expected = errors.find((error) => error !== undefined)
        expect(yield* failure(group)).toBe(expected)
        expect(group.ctx.done.tryReceive()).toEqual({ value: undefined, ok: false })
        if (expected === undefined) expect(cause(group.ctx)).toBe(group.ctx.err)
        else expect(cause(group.ctx)).toBe(expected)
      })
    }
  }

  // Go: golang.org/x/sync/errgroup, TestTryGo
  inBothStyles('starts by tryGo only as many as its limit', function* (style) {
    const limit = 42
    const ch = chan<void>()
    const group = new Group({ limit })
    const send = function* () {
      yield* on(ch.send())
    }
    for (let i = 0; i < limit; i++) expect(group.tryGo(() => styled(style, send))).toBe(true)
    expect(group.tryGo(() => styled(style, send))).toBe(false)
    style.go(function* (): Body {
      for (let i = 0; i < limit; i++) yield* on(ch.receive())
    })
    yield* on(group.wait())
    expect(group.tryGo(() => styled(style, send))).toBe(true)
    style.go(function* () {
      yield* on(ch.receive())
    })
    yield* on(group.wait())

    const one = new Group({ limit: 1 })
    expect(one.tryGo(() => styled(style, send))).toBe(true)
    expect(one.tryGo(() => styled(style, send))).toBe(false)
    style.go(function* () {
      yield* on(ch.receive())
    })
    yield* on(one.wait())

    const none = new Group({ limit: 0 })
    for (let i = 0; i < 1024; i++) expect(none.tryGo(() => styled(style, send))).toBe(false)
    yield* on(none.wait())
  })

  // Go: golang.org/x/sync/errgroup, TestGoLimit
  inBothStyles('never runs more than its limit', function* (style) {
    const limit = 10
    const group = new Group(undefined, { limit } satisfies GroupOptions)
    let active = 0
    let most = 0
    for (let i = 0; i <= 1024; i++) {
      yield* on(
        group.go(() =>
          styled(style, function* () {
            active++
            most = Math.max(most, active)
            yield* on(gosched())
            active--
          }),
        ),
      )
    }
    yield* on(group.wait())
    expect(active).toBe(0)
    expect(most).toBeLessThanOrEqual(limit)
  })

  // Go: golang.org/x/sync/errgroup, ExampleGroup_parallel
  inBothStyles('collects the parts of one result', function* (style) {
    const fakeSearch = (kind: string) =>
      function* (_: Context, query: string): Body<string> {
        yield* on(gosched())
        return `${kind} result for "${query}"`
      }
    const searches = ['web', 'image', 'video'].map(fakeSearch)
    const results: string[] = []
    const group = new Group(background())
    for (const [i, search] of searches.entries()) {
      yield* on(
        group.go((ctx) =>
          styled(style, function* () {
            results[i] = yield* search(ctx, 'golang')
          }),
        ),
      )
    }
    yield* on(group.wait())
    expect(results).toEqual(['web', 'image', 'video'].map((kind) => `${kind} result for "golang"`))
  })
})

/** A body of the group in the style of the test. */
function styled(style: Style, body: () => Body<unknown>): Body<unknown> | Promise<unknown> {
  return style.name === 'generator' ? body() : style.go(body).join()
}
