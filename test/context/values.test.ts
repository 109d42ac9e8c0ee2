import { expect, expectTypeOf, test } from 'vitest'
import { background, type ContextKey, withCancel, withoutCancel, withTimeout, withValue } from 'warren'
import { contextKey } from 'warren/context'

test('keys are told apart by identity, not by name', () => {
  const one = contextKey<number>('same')
  const other = contextKey<number>('same')
  const ctx = withValue(background(), one, 1)
  expect([ctx.value(one), ctx.value(other)]).toEqual([1, undefined])
  expect([one.name, String(one)]).toEqual(['same', 'contextKey(same)'])
})

test('any value may be carried, undefined and null too', () => {
  const key = contextKey<unknown>('key')
  const outer = withValue(background(), key, 'outer')
  for (const value of [0, '', false, null, undefined, Number.NaN, () => 1, Promise.resolve(1)]) {
    expect(withValue(outer, key, value).value(key)).toBe(value)
  }
})

test('values go through contexts that can end, and that cannot', () => {
  const key = contextKey<string>('key')
  const ctx = withValue(background(), key, 'v')
  expect(withTimeout(withCancel(ctx), 0).value(key)).toBe('v')
  expect(withoutCancel(ctx).value(key)).toBe('v')
})

test('a long chain of values is found without a stack to match', () => {
  const deep = contextKey<string>('deep')
  const other = contextKey<number>('other')
  let ctx = withValue(background(), deep, 'found')
  for (let i = 0; i < 100_000; i++) ctx = withValue(ctx, other, i)
  expect(ctx.value(deep)).toBe('found')
  expect(String(ctx).length).toBeGreaterThan(100_000)
})

test('a context with a value ends with its parent, and cannot be cancelled', () => {
  const parent = withCancel(background())
  const ctx = withValue(parent, contextKey<number>('n'), 1)
  expect(ctx).not.toHaveProperty('cancel')
  parent.cancel()
  expect(ctx.err).toBe(parent.err)
})

test('a key must be made by contextKey, and have a name', () => {
  expect(() => contextKey(1 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  expect(() => withValue(background(), 'key' as never, 1 as never)).toThrow(/contextKey/)
})

test('types: a key says what its values are', () => {
  const key = contextKey<number>('n')
  const ctx = withValue(background(), key, 1)
  expectTypeOf(ctx.value(key)).toEqualTypeOf<number | undefined>()
  expectTypeOf<ContextKey<1 | 2>>().not.toExtend<ContextKey<number>>()
  expectTypeOf<ContextKey<number>>().not.toExtend<ContextKey<1 | 2>>()
  // @ts-expect-error a value of another type
  expect(withValue(background(), key, 'one')).toBeDefined()
})
