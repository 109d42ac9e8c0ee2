// Go's tests of contexts. Where Go derives from a context of another type (otherContext), a context with a value stands
// here: it is what comes between two contexts that can end. What tests contexts of the user's own making is not ported
// (TestCustomContextGoroutines, -Propagation, -Cause): there are none.
import { expect, test } from 'vitest'
import {
  after,
  background,
  type CancelableContext,
  type Context,
  ContextCanceledError,
  chan,
  DeadlineExceededError,
  select,
  sending,
  todo,
  trySelect,
  WaitGroup,
  withCancel,
  withDeadline,
  withTimeout,
  withValue,
} from 'warren'
import { cause, contextKey } from 'warren/context'
import { bubble } from 'warren/testing'
import { inBubbles, pass } from '../../support/bubbles.ts'
import { childrenOf, scopeOf } from '../../support/scopes.ts'
import { inBothStyles, on } from '../../support/styles.ts'
import { watchTimers } from '../../support/timers.ts'

const short = 1
const veryLong = 1000 * 3_600_000

const anyKey = contextKey<string>('any')
const other = (ctx: Context): Context => withValue(ctx, anyKey, 'other')

function expectOpen(...contexts: Context[]): void {
  for (const ctx of contexts) {
    expect(trySelect({ done: ctx.done }), `${ctx} is not done`).toBeUndefined()
    expect(ctx.err).toBeUndefined()
  }
}

function expectEnded(error: new (...args: never[]) => Error, ...contexts: Context[]): void {
  for (const ctx of contexts) {
    expect(trySelect({ done: ctx.done }), `${ctx} is done`).toEqual({ case: 'done', value: undefined, ok: false })
    expect(ctx.err).toBeInstanceOf(error)
  }
}

// Go: context/x_test.go, TestBackground and TestTODO
test('the roots are never done', () => {
  expectOpen(background(), todo())
  expect([String(background()), String(todo())]).toEqual(['context.Background', 'context.TODO'])
})

// Go: context/x_test.go, TestWithCancel
test('a cancel reaches the context and what is derived from it before it returns', () => {
  const c1 = withCancel(background())
  expect(String(c1)).toBe('context.Background.WithCancel')
  const o = other(c1)
  const c2 = withCancel(o)
  expectOpen(c1, o, c2)
  c1.cancel()
  expectEnded(ContextCanceledError, c1, o, c2)
})

// Go: context/context_test.go, XTestParentFinishesChild
test(
  'a parent that ends takes its children along, and lets go of them',
  bubble(async () => {
    const timers = watchTimers()
    const parent = withCancel(background())
    const cancelChild = withCancel(parent)
    const valueChild = withValue(parent, anyKey, 'value')
    const timerChild = withTimeout(valueChild, veryLong)
    expectOpen(parent, cancelChild, valueChild, timerChild)
    expect(childrenOf(parent)).toEqual([scopeOf(cancelChild), scopeOf(timerChild)])
    parent.cancel()
    expect(childrenOf(parent)).toEqual([])
    expectEnded(ContextCanceledError, parent, cancelChild, valueChild, timerChild)
    expect(timers.pending).toBe(0)
    expectEnded(ContextCanceledError, withValue(parent, anyKey, 'value'))
  }),
)

// Go: context/context_test.go, XTestChildFinishesFirst
test('a child that ends leaves its parent, which goes on', () => {
  using cancelable = withCancel(background())
  for (const parent of [background(), cancelable]) {
    const child = withCancel(parent)
    expectOpen(parent, child)
    if (parent === cancelable) expect(childrenOf(parent)).toEqual([scopeOf(child)])
    child.cancel()
    if (parent === cancelable) expect(childrenOf(parent)).toEqual([])
    expectEnded(ContextCanceledError, child)
    expectOpen(parent)
  }
})

// Go: context/x_test.go, TestDeadline
inBubbles('a context ends at its deadline, or at the nearest one above it', function* (t) {
  const startTime = Date.now()
  const soon = (): Date => new Date(Date.now() + short)
  const direct = withDeadline(background(), soon())
  expect(String(direct)).toMatch(/^context\.Background\.WithDeadline\(2000-01-01T00:00:00\.001Z \[1ms\]\)$/)
  const through = other(withDeadline(background(), soon()))
  const far = withDeadline(through, new Date(startTime + veryLong))
  expectOpen(direct, through, far)
  yield* pass(t, short)
  expectEnded(DeadlineExceededError, direct, through, far)
  expectEnded(DeadlineExceededError, withDeadline(background(), new Date(startTime - short)))
  expectEnded(DeadlineExceededError, withDeadline(background(), new Date()))
})

// Go: context/x_test.go, TestTimeout
inBubbles('a context ends after its timeout, or after the nearest one above it', function* (t) {
  const direct = withTimeout(background(), short)
  expect(String(direct)).toMatch(/^context\.Background\.WithDeadline\(/)
  const through = other(withTimeout(background(), short))
  const far = withTimeout(other(withTimeout(background(), short)), veryLong)
  expectOpen(direct, through, far)
  yield* pass(t, short)
  expectEnded(DeadlineExceededError, direct, through, far)
})

// Go: context/x_test.go, TestCanceledTimeout
test('a context with a timeout can be cancelled before', () => {
  const c = withTimeout(other(withTimeout(background(), veryLong)), 2 * veryLong)
  c.cancel()
  expectEnded(ContextCanceledError, c)
})

// Go: context/x_test.go, TestValues
test('a value is found from below, and only there; the nearest one counts', () => {
  const k1 = contextKey<string | null>('k1')
  const k2 = contextKey<string>('k')
  const k3 = contextKey<string | null>('k')
  const values = (c: Context): unknown[] => [c.value(k1), c.value(k2), c.value(k3)]
  const c0 = background()
  expect(values(c0)).toEqual([undefined, undefined, undefined])
  const c1 = withValue(background(), k1, 'c1k1')
  expect(values(c1)).toEqual(['c1k1', undefined, undefined])
  expect(String(c1)).toBe('context.Background.WithValue(k1, c1k1)')
  const c2 = withValue(c1, k2, 'c2k2')
  expect(values(c2)).toEqual(['c1k1', 'c2k2', undefined])
  const c3 = withValue(c2, k3, 'c3k3')
  expect(values(c3)).toEqual(['c1k1', 'c2k2', 'c3k3'])
  const c4 = withValue(c3, k1, null)
  expect(values(c4)).toEqual([null, 'c2k2', 'c3k3'])
  expect(values(withTimeout(withCancel(c4), veryLong))).toEqual([null, 'c2k2', 'c3k3'])
  expect(values(withValue(withCancel(c4), k3, null))).toEqual([null, 'c2k2', null])
  expect(values(c1)).toEqual(['c1k1', undefined, undefined])
})

// Go: context/x_test.go, TestSimultaneousCancels
inBothStyles('all contexts of a tree are done when all are cancelled, in any order', function* (style) {
  const contexts: CancelableContext[] = [withCancel(background())]
  for (let i = 0; contexts.length < 100; i++) {
    for (let k = 0; k < 4; k++) contexts.push(withCancel(contexts[i]!))
  }
  const wg = new WaitGroup()
  wg.add(contexts.length)
  for (const ctx of shuffled(contexts)) {
    style.go(function* () {
      ctx.cancel()
      wg.done()
    })
  }
  for (const ctx of shuffled(contexts)) yield* on(ctx.done.receive())
  yield* on(wg.wait())
  for (const ctx of contexts) expect(childrenOf(ctx)).toEqual([])
})

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

// Go: context/x_test.go, TestInterlockedCancels
inBothStyles('a goroutine that cancels the child when the parent is done', function* (style) {
  const parent = withCancel(background())
  const child = withCancel(parent)
  style.go(function* () {
    yield* on(parent.done.receive())
    child.cancel()
  })
  parent.cancel()
  yield* on(child.done.receive())
})

// Go: context/x_test.go, TestLayersCancel and TestLayersTimeout
for (const timesOut of [false, true]) {
  inBubbles(`many layers of contexts ${timesOut ? 'time out' : 'are cancelled'} with their values kept`, function* (t) {
    const seed = Math.floor(Math.random() * 1e9)
    let state = seed
    const random = (n: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * n)
    }
    const keys: ReturnType<typeof contextKey<number>>[] = []
    const cancelable: CancelableContext[] = []
    let timers = 0
    let ctx: Context = background()
    for (let i = 0; i < 30 || timers === 0 || cancelable.length === timers || keys.length === 0; i++) {
      const kind = random(3)
      if (kind === 0) {
        const key = contextKey<number>('layer')
        ctx = withValue(ctx, key, keys.push(key))
      } else {
        const layer = kind === 1 ? withCancel(ctx) : withTimeout(ctx, timesOut ? short : veryLong)
        cancelable.push(layer)
        ctx = layer
        if (kind === 2) timers++
      }
    }
    const checkValues = (): void => {
      keys.forEach((key, i) => void expect(ctx.value(key), `seed ${seed}`).toBe(i + 1))
    }
    expect(ctx.err, `seed ${seed}`).toBeUndefined()
    expect(String(ctx)).toMatch(/^context\.Background\./)
    checkValues()
    if (timesOut) yield* pass(t, short)
    else cancelable[random(cancelable.length)]!.cancel()
    expect(trySelect({ done: ctx.done })?.case, `seed ${seed}`).toBe('done')
    checkValues()
  })
}

// Go: context/context_test.go, XTestCancelRemoves
test(
  'a child that is cancelled is removed from its parent',
  bubble(async () => {
    const timers = watchTimers()
    const ctx = withCancel(background())
    expect(childrenOf(ctx)).toHaveLength(0)
    for (const derive of [withCancel, (parent: Context) => withTimeout(parent, 3_600_000)]) {
      const child = derive(ctx)
      expect(childrenOf(ctx)).toHaveLength(1)
      child.cancel()
      expect(childrenOf(ctx)).toHaveLength(0)
    }
    expect(timers.pending).toBe(0)
  }),
)

// Go: context/x_test.go, TestWithCancelCanceledParent
test('a child of an ended context has ended, for the same reason', () => {
  const parent = withCancel(background())
  const because = new Error('Because!')
  parent.cancel(because)
  const child = withCancel(parent)
  expectEnded(ContextCanceledError, child)
  expect(child.err).toBe(parent.err)
  expect(cause(child)).toBe(because)
})

// Go: context/x_test.go, TestWithCancelSimultaneouslyCanceledParent (1.21)
inBothStyles('a child made while its parent is being cancelled by another goroutine', function* (style) {
  for (let i = 0; i < 100; i++) {
    const parent = withCancel(background())
    const because = new Error('Because!')
    style.go(function* () {
      parent.cancel(because)
    })
    const child = withCancel(parent)
    yield* on(child.done.receive())
    expectEnded(ContextCanceledError, child)
    expect(cause(child)).toBe(because)
  }
})

// Go: context/x_test.go, TestWithValueChecksKey
test('a key must be a key', () => {
  for (const key of [[1], null, undefined, 'foo', Symbol('foo')]) {
    expect(() => withValue(background(), key as never, 'bar' as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    )
  }
})

// Go: context/x_test.go, TestInvalidDerivedFail
test('nothing can be derived from nothing', () => {
  const nothing = [null, undefined] as unknown as Context[]
  for (const parent of nothing) {
    for (const derive of [
      () => withCancel(parent),
      () => withDeadline(parent, new Date()),
      () => withTimeout(parent, short),
      () => withValue(parent, anyKey, 'bar'),
    ]) {
      expect(derive).toThrow(
        expect.objectContaining({ code: 'ERR_CONTEXT_NIL_PARENT', message: 'cannot create context from nil parent' }),
      )
    }
  }
})

// Go: context/x_test.go, TestDeadlineExceededSupportsTimeout, and net_test.go, TestDeadlineExceededIsNetError
test('a deadline that has passed is told from a cancel by class and by code', () => {
  const { err } = withTimeout(background(), 0)
  expect(err).toBeInstanceOf(DeadlineExceededError)
  expect(err).not.toBeInstanceOf(ContextCanceledError)
  expect(err?.code).toBe('ERR_DEADLINE_EXCEEDED')
  expect(err?.message).toBe('context deadline exceeded')
})

// Go: context/example_test.go, ExampleWithCancel
inBothStyles('a generator of numbers ends when its consumer cancels', function* (style) {
  using ctx = withCancel(background())
  const numbers = chan<number>()
  const generator = style.go(function* () {
    for (let n = 1; ; n++) {
      const picked = yield* on(select({ done: ctx.done, out: sending(numbers, n) }))
      if (picked.case === 'done') return n
    }
  })
  for (let n = 1; n <= 5; n++) expect(yield* on(numbers.receive())).toBe(n)
  ctx.cancel()
  expect(yield* on(generator.join())).toBe(6)
})

// Go: context/example_test.go, ExampleWithDeadline and ExampleWithTimeout
inBubbles('a select over an overslept timer and a deadline', function* (t) {
  const startTime = Date.now()
  using ctx = withDeadline(background(), new Date(startTime + 50))
  const picked = yield* on(select({ overslept: after(1000), done: ctx.done }))
  expect(picked.case).toBe('done')
  expect(ctx.err?.message).toBe('context deadline exceeded')
  expect(t.now()).toBe(50)
})
