// What contexts carry, and what is carried on without them.
import { describe, invalidType } from '../errors/argument.ts'
import { cancelSource } from '../runtime/cancel-source.ts'
import { BaseContext, requireParent, type ValueNode } from './context.ts'
import type { Context, ContextKey } from './types.ts'

class Key {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  toString(): string {
    return `contextKey(${this.name})`
  }
}

class ValueContext extends BaseContext {
  constructor(parent: BaseContext, node: ValueNode) {
    super(parent, 'WithValue', parent[cancelSource], node)
  }

  protected override detail(): string {
    const { key, value } = this.values!
    return `(${key.name}, ${typeof value === 'string' ? value : describe(value)})`
  }
}

/**
 * Makes a key for values of type T in contexts. Each call makes another key: `name` is for people only.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `name` is not a string.
 * @example
 * const requestId = contextKey<string>('request id')
 * const ctx = withValue(background(), requestId, 'r-1')
 * console.log(ctx.value(requestId)) // r-1
 */
export function contextKey<T>(name: string): ContextKey<T> {
  if (typeof name !== 'string') throw invalidType('name', 'a string', name)
  return new Key(name) as unknown as ContextKey<T>
}

/**
 * A context that carries `value`, and otherwise is like `parent`: it ends with it, and has its other values.
 *
 * For what belongs to a request and crosses interfaces with it (ids, credentials), not for the arguments of functions.
 * @throws {PanicError} `ERR_CONTEXT_NIL_PARENT`; `ERR_INVALID_ARG_TYPE` for what is no Context, or no key of
 * {@link contextKey}.
 */
export function withValue<T>(parent: Context, key: ContextKey<T>, value: T): Context {
  const from = requireParent(parent)
  if (typeof key !== 'object' || key === null || typeof key.name !== 'string') {
    throw invalidType('key', 'a key made by contextKey', key)
  }
  return new ValueContext(from, { key: key as unknown as ContextKey<never>, value, outer: from.values })
}

/**
 * A context with the values of `parent` that does not end with it: for what must be finished after a request was given
 * up. It has no deadline and never ends; derive from it one that does.
 * @throws {PanicError} `ERR_CONTEXT_NIL_PARENT`, `ERR_INVALID_ARG_TYPE`.
 */
export function withoutCancel(parent: Context): Context {
  const from = requireParent(parent)
  return new BaseContext(from, 'WithoutCancel', null, from.values)
}
