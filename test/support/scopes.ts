// What a context holds, seen from inside.
import { expect } from 'vitest'
import type { Context } from 'warren'
import type { Link } from '../../src/context/links.ts'
import { Scope } from '../../src/context/scope.ts'
import { cancelSource } from '../../src/runtime/cancel-source.ts'

export function scopeOf(ctx: Context): Scope {
  const scope = ctx[cancelSource]
  if (!(scope instanceof Scope)) throw new TypeError('not a context that can end')
  return scope
}

/** What hangs on the context, in order. */
export function childrenOf(ctx: Context): Link[] {
  const children: Link[] = []
  const list = scopeOf(ctx).children
  for (let link = list?.first ?? null; link !== null && (link as unknown) !== list; link = link.after as Link) {
    children.push(link)
  }
  return children
}

/** Neither waits nor derived contexts hang on it. */
export function expectHoldsNothing(ctx: Context): void {
  expect(childrenOf(ctx), 'no context hangs on it').toEqual([])
  expectNoWaits(ctx)
}

export function expectNoWaits(ctx: Context): void {
  const scope = scopeOf(ctx)
  expect(scope.waiters.isEmpty, 'no operation waits on it').toBe(true)
  expect(scope.done.receivers.isEmpty, 'no receive waits on it').toBe(true)
}
