// Go's tests of causes, of contexts without cancel and of AfterFunc, from Go 1.20 and 1.21. WithCancelCause and
// WithTimeoutCause are no functions of their own here: `cancel` takes a cause, and the others an option.
import { expect, test } from 'vitest'
import {
  background,
  type CancelableContext,
  type Context,
  ContextCanceledError,
  chan,
  DeadlineExceededError,
  gosched,
  never,
  todo,
  withCancel,
  withoutCancel,
  withTimeout,
  withValue,
} from 'warren'
import { afterFunc, cause, contextKey } from 'warren/context'
import { inBubbles, pass } from '../../support/bubbles.ts'
import { inBothStyles, on } from '../../support/styles.ts'

const forever = 1e9
const parentCause = new Error('parentCause')
const childCause = new Error('childCause')
const tooSlow = new Error('tooSlow')
const finishedEarly = new Error('finishedEarly')

/** The error itself is its cause. */
const itself = Symbol('itself')

interface Case {
  readonly name: string
  readonly ctx: () => Context
  readonly err: (new () => Error) | undefined
  readonly cause: unknown
}

function family(end: (parent: CancelableContext, child: CancelableContext) => void): () => Context {
  return () => {
    const parent = withCancel(background())
    const child = withCancel(parent)
    end(parent, child)
    return child
  }
}

function ended(ctx: CancelableContext, ...reason: unknown[]): Context {
  ctx.cancel(...reason)
  return ctx
}

// Go: context/x_test.go, TestCause
const cases: Case[] = [
  { name: 'background', ctx: background, err: undefined, cause: undefined },
  { name: 'todo', ctx: todo, err: undefined, cause: undefined },
  { name: 'a cancel', ctx: () => ended(withCancel(background())), err: ContextCanceledError, cause: itself },
  {
    name: 'a cancel with a cause',
    ctx: () => ended(withCancel(background()), parentCause),
    err: ContextCanceledError,
    cause: parentCause,
  },
  {
    name: 'a cancel with nothing as its cause',
    ctx: () => ended(withCancel(background()), null),
    err: ContextCanceledError,
    cause: itself,
  },
  {
    name: 'the cause of the parent before that of the child',
    ctx: family((parent, child) => {
      parent.cancel(parentCause)
      child.cancel(childCause)
    }),
    err: ContextCanceledError,
    cause: parentCause,
  },
  {
    name: 'the cause of the parent after that of the child',
    ctx: family((parent, child) => {
      child.cancel(childCause)
      parent.cancel(parentCause)
    }),
    err: ContextCanceledError,
    cause: childCause,
  },
  {
    name: 'the cause of the parent before none',
    ctx: family((parent, child) => {
      parent.cancel(parentCause)
      child.cancel()
    }),
    err: ContextCanceledError,
    cause: parentCause,
  },
  {
    name: 'the cause of the parent after none',
    ctx: family((parent, child) => {
      child.cancel()
      parent.cancel(parentCause)
    }),
    err: ContextCanceledError,
    cause: itself,
  },
  {
    name: 'the cause of the child after none',
    ctx: family((parent, child) => {
      parent.cancel()
      child.cancel(childCause)
    }),
    err: ContextCanceledError,
    cause: itself,
  },
  {
    name: 'the cause of the child before none',
    ctx: family((parent, child) => {
      child.cancel(childCause)
      parent.cancel()
    }),
    err: ContextCanceledError,
    cause: childCause,
  },
  { name: 'a timeout', ctx: () => ended(withTimeout(background(), 0)), err: DeadlineExceededError, cause: itself },
  {
    name: 'a timeout that is cancelled',
    ctx: () => ended(withTimeout(background(), forever)),
    err: ContextCanceledError,
    cause: itself,
  },
  {
    name: 'a timeout with a cause',
    ctx: () => ended(withTimeout(background(), 0, { cause: tooSlow })),
    err: DeadlineExceededError,
    cause: tooSlow,
  },
  {
    name: 'a timeout with a cause that is cancelled',
    ctx: () => ended(withTimeout(background(), forever, { cause: tooSlow })),
    err: ContextCanceledError,
    cause: itself,
  },
  {
    name: 'a timeout with a cause below a cancel',
    ctx: () => {
      const parent = withCancel(background())
      const ctx = withTimeout(parent, 0, { cause: tooSlow })
      parent.cancel(finishedEarly)
      return ctx
    },
    err: DeadlineExceededError,
    cause: tooSlow,
  },
  {
    name: 'a cancel above a timeout with a cause',
    ctx: () => {
      const parent = withCancel(background())
      const ctx = withTimeout(parent, forever, { cause: tooSlow })
      parent.cancel(finishedEarly)
      return ctx
    },
    err: ContextCanceledError,
    cause: finishedEarly,
  },
  { name: 'without cancel', ctx: () => withoutCancel(background()), err: undefined, cause: undefined },
  {
    name: 'without cancel, above it one',
    ctx: () => {
      const parent = withCancel(background())
      const ctx = withoutCancel(parent)
      parent.cancel(finishedEarly)
      return ctx
    },
    err: undefined,
    cause: undefined,
  },
  {
    name: 'without cancel, above it a timeout',
    ctx: () => withoutCancel(ended(withTimeout(background(), 0, { cause: tooSlow }))),
    err: undefined,
    cause: undefined,
  },
]
for (const each of cases) {
  test(`error and cause of ${each.name}`, () => {
    const ctx = each.ctx()
    if (each.err === undefined) expect(ctx.err).toBeUndefined()
    else expect(ctx.err).toBeInstanceOf(each.err)
    expect(cause(ctx)).toBe(each.cause === itself ? ctx.err : each.cause)
  })
}

// Go: context/x_test.go, TestCauseRace
inBothStyles('a goroutine that polls the cause sees it', function* (style) {
  const ctx = withCancel(background())
  style.go(function* () {
    ctx.cancel(parentCause)
  })
  while (cause(ctx) === undefined) yield* on(gosched())
  expect(cause(ctx)).toBe(parentCause)
})

// Go: context/x_test.go, TestWithoutCancel
test('a context without cancel keeps the values, and nothing else', () => {
  const key = contextKey<string>('key')
  const ctx = withoutCancel(withTimeout(withValue(background(), key, 'value'), forever))
  expect(ctx.deadline).toBeUndefined()
  expect(ctx.done).toBe(never)
  expect(ctx.err).toBeUndefined()
  expect(ctx.value(key)).toBe('value')
})

// Go: context/x_test.go, TestAfterFuncCalledAfterCancel
inBubbles('afterFunc calls the function after a cancel, and not before', function* (t) {
  const ctx = withCancel(background())
  const done = chan<never>()
  const stop = afterFunc(ctx, () => done.close())
  yield* pass(t, 1000)
  expect(done.tryReceive()).toBeUndefined()
  ctx.cancel()
  yield* on(done.receive())
  expect(stop()).toBe(false)
})

// Go: context/x_test.go, TestAfterFuncCalledAfterTimeout
inBubbles('afterFunc calls the function after a timeout', function* (t) {
  const ctx = withTimeout(background(), 1)
  const done = chan<never>()
  afterFunc(ctx, () => done.close())
  yield* on(done.receive())
  expect(t.now()).toBe(1)
})

// Go: context/x_test.go, TestAfterFuncCalledImmediately
inBubbles('afterFunc calls the function at once where the context has ended', function* () {
  const ctx = withCancel(background())
  ctx.cancel()
  const done = chan<never>()
  afterFunc(ctx, () => done.close())
  yield* on(done.receive())
})

// Go: context/x_test.go, TestAfterFuncNotCalledAfterStop
inBubbles('afterFunc does not call a function that was called off', function* (t) {
  const ctx = withCancel(background())
  const done = chan<never>()
  const stop = afterFunc(ctx, () => done.close())
  expect(stop()).toBe(true)
  ctx.cancel()
  yield* on(t.wait())
  expect(done.tryReceive()).toBeUndefined()
  expect(stop()).toBe(false)
})

// Go: context/x_test.go, TestAfterFuncCalledAsynchronously
inBubbles('a cancel does not wait for the functions of afterFunc', function* () {
  const ctx = withCancel(background())
  const done = chan<number>()
  afterFunc(ctx, async () => done.send(1))
  ctx.cancel()
  expect(yield* on(done.receive())).toBe(1)
})
