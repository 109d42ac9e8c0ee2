// Contexts as their users see them: a scope that can end, and a chain of values.
import { never } from '../chan/never.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { invalidType } from '../errors/argument.ts'
import type { ContextError } from '../errors/context-error.ts'
import { PanicError } from '../errors/panic-error.ts'
import { cancelSource, isAbortSignal } from '../runtime/cancel-source.ts'
import type { Scope } from './scope.ts'
import type { Context, ContextKey } from './types.ts'

/** One value, and those further out. */
export interface ValueNode {
  readonly key: ContextKey<never>
  readonly value: unknown
  readonly outer: ValueNode | null
}

/** Any context; as it is, one that never ends by its own right. */
export class BaseContext implements Context {
  /** @internal Null for one that never ends. */
  readonly [cancelSource]: Scope | null
  /** @internal */
  readonly values: ValueNode | null
  readonly #parent: BaseContext | null
  readonly #name: string

  constructor(parent: BaseContext | null, name: string, scope: Scope | null, values: ValueNode | null) {
    this[cancelSource] = scope
    this.values = values
    this.#parent = parent
    this.#name = name
  }

  get err(): ContextError | undefined {
    const scope = this[cancelSource]
    return scope === null ? undefined : scope.error
  }

  get deadline(): Date | undefined {
    const deadline = this[cancelSource]?.deadline
    return deadline ? new Date(deadline.wallTime) : undefined
  }

  get done(): ReceiveChan<never> {
    return this[cancelSource]?.done ?? never
  }

  get signal(): AbortSignal {
    // A new one each time where it can never be aborted: a shared one would collect listeners for ever.
    return this[cancelSource]?.signal ?? new AbortController().signal
  }

  value<T>(key: ContextKey<T>): T | undefined {
    for (let node = this.values; node !== null; node = node.outer) {
      if ((node.key as unknown) === key) return node.value as T
    }
    return undefined
  }

  /** The contexts that lead here, as Go writes them: `context.Background.WithCancel`. */
  toString(): string {
    const names: string[] = []
    let context: BaseContext | null = this
    for (; context !== null && #parent in context; context = context.#parent)
      names.push(context.#name + context.detail())
    // The parent may be of another copy of the package.
    if (context !== null) names.push(String(context))
    return names.reverse().join('.')
  }

  /** What stands in the brackets behind its name. */
  protected detail(): string {
    return ''
  }
}

/** The context that `value` is. */
export function requireContext(name: string, value: unknown): BaseContext {
  if (typeof value === 'object' && value !== null) {
    if (cancelSource in value) return value as BaseContext
    if (isAbortSignal(value)) throw invalidType(name, 'a Context (make one with fromSignal)', value)
  }
  throw invalidType(name, 'a Context', value)
}

/** The context to derive another one from. */
export function requireParent(value: unknown): BaseContext {
  if (value === null || value === undefined) throw new PanicError('ERR_CONTEXT_NIL_PARENT')
  return requireContext('parent', value)
}
