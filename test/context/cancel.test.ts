import { expect, expectTypeOf, test } from 'vitest'
import {
  background,
  type CancelableContext,
  type Context,
  ContextCanceledError,
  ContextError,
  never,
  type ReceiveChan,
  select,
  todo,
  withCancel,
  withoutCancel,
  withValue,
} from 'warren'
import { cause, contextKey } from 'warren/context'
import { childrenOf, expectHoldsNothing } from '../support/scopes.ts'
import { idle, inBothStyles, on } from '../support/styles.ts'
import { waiting } from '../support/waiting.ts'

test('an open context has no error, no cause and no deadline', () => {
  for (const ctx of [background(), todo(), withCancel(background()), withoutCancel(background())]) {
    expect([ctx.err, cause(ctx), ctx.deadline]).toEqual([undefined, undefined, undefined])
    expect(ctx.signal.aborted).toBe(false)
  }
})

test('the first end of a context counts', () => {
  const ctx = withCancel(background())
  ctx.cancel('first')
  const { err } = ctx
  ctx.cancel('second')
  expect(ctx.err).toBe(err)
  expect(cause(ctx)).toBe('first')
})

test('the error carries the cause, and is the same one below', () => {
  const parent = withCancel(background())
  const child = withCancel(withValue(parent, contextKey('k'), 1))
  const reason = { any: 'value' }
  parent.cancel(reason)
  expect(parent.err).toBeInstanceOf(ContextCanceledError)
  expect(parent.err).toBeInstanceOf(ContextError)
  expect(parent.err).toMatchObject({ code: 'ERR_CONTEXT_CANCELED', message: 'context canceled', cause: reason })
  expect(child.err).toBe(parent.err)
})

test('without a cause the error has none, and is its own', () => {
  for (const given of [[], [undefined], [null]]) {
    const ctx = withCancel(background())
    ctx.cancel(...given)
    expect(ctx.err).not.toHaveProperty('cause')
    expect(cause(ctx)).toBe(ctx.err)
  }
  const falsy = withCancel(background())
  falsy.cancel(0)
  expect(cause(falsy)).toBe(0)
})

test('using cancels at the end of the scope', () => {
  const parent = withCancel(background())
  let inner: Context
  {
    using ctx = withCancel(parent)
    inner = ctx
    expect(ctx.err).toBeUndefined()
  }
  expect(inner.err).toBeInstanceOf(ContextCanceledError)
  expectHoldsNothing(parent)
})

test('done of a context is one channel, for those that stand on it too', () => {
  const ctx = withCancel(background())
  expect(ctx.done).toBe(ctx.done)
  expect(withValue(ctx, contextKey('k'), 1).done).toBe(ctx.done)
  expect(withCancel(ctx).done).not.toBe(ctx.done)
  expect(background().done).toBe(never)
})

test('done that is first asked for after the end is closed', async () => {
  const ctx = withCancel(background())
  ctx.cancel()
  expect(ctx.done.tryReceive()).toEqual({ value: undefined, ok: false })
  expect(await ctx.done.next()).toEqual({ value: undefined, done: true })
})

inBothStyles('a cancel wakes what waits on the context and below it', function* (style) {
  const parent = withCancel(background())
  const child = withCancel(parent)
  const waits = [parent, child].flatMap((ctx) => [
    waiting(style, () => ctx.done.receive()),
    waiting(style, () => select({ done: ctx.done, nothing: null })),
    waiting(style, () => never.receive(ctx)),
  ])
  yield* on(idle())
  expect(waits.map(({ state }) => state)).toEqual(Array.from(waits, () => 'pending'))
  parent.cancel()
  expectHoldsNothing(parent)
  expectHoldsNothing(child)
  yield* on(idle())
  expect(waits.map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'done', 'done', 'failed'])
})

test('a cancel that happens while another runs is no second one', () => {
  const parent = withCancel(background())
  const child = withCancel(parent)
  const seen: unknown[] = []
  parent.signal.addEventListener('abort', () => {
    // The whole tree has ended when anybody hears of it.
    seen.push(child.err === parent.err, child.signal.aborted)
    child.cancel('too late')
    parent.cancel('too late')
    seen.push(cause(child))
  })
  parent.cancel('first')
  expect(seen).toEqual([true, true, 'first'])
})

test('a context that is derived while another is being cancelled ends with it', () => {
  const parent = withCancel(background())
  let late: CancelableContext | undefined
  parent.signal.addEventListener('abort', () => {
    late = withCancel(parent)
  })
  parent.cancel()
  expect(late?.err).toBe(parent.err)
  expect(childrenOf(parent)).toEqual([])
})

test('a chain of a hundred thousand contexts is cancelled without a stack to match', () => {
  const root = withCancel(background())
  let last = root
  for (let i = 0; i < 100_000; i++) last = withCancel(last)
  root.cancel('deep')
  expect(cause(last)).toBe('deep')
})

test('cancelling one of a hundred thousand children is no search', () => {
  const root = withCancel(background())
  const children = Array.from({ length: 100_000 }, () => withCancel(root))
  const start = performance.now()
  for (let i = children.length - 1; i >= 0; i -= 2) children[i]!.cancel()
  for (let i = 0; i < children.length; i += 2) children[i]!.cancel()
  // A search would take minutes.
  expect(performance.now() - start).toBeLessThan(5_000)
  expectHoldsNothing(root)
})

test('contexts tell where they come from', () => {
  const key = contextKey<unknown>('user')
  const ctx = withCancel(withValue(withValue(withCancel(todo()), key, 'ann'), key, { id: 1 }))
  expect(String(ctx)).toBe('context.TODO.WithCancel.WithValue(user, ann).WithValue(user, an object).WithCancel')
  expect(`${withoutCancel(ctx)}`).toMatch(/\.WithCancel\.WithoutCancel$/)
})

test('what is no context is refused with a hint', () => {
  const code = 'ERR_INVALID_ARG_TYPE'
  for (const parent of [{}, 'ctx', 1, true, () => {}, { done: never }]) {
    expect(() => withCancel(parent as never)).toThrow(expect.objectContaining({ code }))
    expect(() => cause(parent as never)).toThrow(expect.objectContaining({ code }))
  }
  expect(() => withCancel(new AbortController().signal as never)).toThrow(/fromSignal/)
})

test('types', () => {
  expectTypeOf(withCancel).parameter(0).toEqualTypeOf<Context>()
  expectTypeOf<CancelableContext>().toExtend<Context>()
  expectTypeOf<Context>().not.toHaveProperty('cancel')
  expectTypeOf<Context['done']>().toEqualTypeOf<ReceiveChan<never>>()
  const ctx: Context = withCancel(background())
  // @ts-expect-error a context that was handed on cannot be cancelled
  void ctx.cancel
  // @ts-expect-error there is nothing to set
  const set = (): unknown => (ctx.err = undefined)
  void set
})
