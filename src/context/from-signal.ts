// Contexts that end with an AbortSignal of somebody else's.
//
// Invariant: a signal has one listener of ours while contexts made from it have not ended, however many, and else none.
import { invalidType } from '../errors/argument.ts'
import { isAbortSignal } from '../runtime/cancel-source.ts'
import { ScopeContext } from './cancelable.ts'
import { canceledError } from './end-error.ts'
import { Links } from './links.ts'
import { endAll, Scope } from './scope.ts'
import type { CancelableContext } from './types.ts'

/** The scopes that end with one signal. Held by its listener on the signal, and by the scopes. */
class SignalScopes {
  readonly #signal: AbortSignal
  readonly #scopes = new Links()
  readonly #onAbort = (): void => endAll(this.#scopes, canceledError(this.#signal.reason))

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  add(scope: SignalScope): void {
    if (this.#scopes.first === null) this.#signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#scopes.push(scope)
  }

  /** A scope has ended, and is in the list no more. */
  left(): void {
    if (this.#scopes.first === null) this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

class SignalScope extends Scope {
  readonly #group: SignalScopes

  constructor(group: SignalScopes) {
    super(null)
    this.#group = group
  }

  override end(...args: Parameters<Scope['end']>): void {
    super.end(...args)
    this.#group.left()
  }
}

const groups = new WeakMap<AbortSignal, SignalScopes>()

/**
 * A context that ends when `signal` is aborted, with ContextCanceledError and the signal's reason as its cause; or when it
 * is cancelled, which does nothing to the signal.
 *
 * A signal has one listener, however many contexts are made from it, and none once they have ended.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it is no AbortSignal.
 * @example
 * using ctx = fromSignal(AbortSignal.timeout(10))
 * await ctx.done.receive()
 * console.log(ctx.err?.message) // context canceled
 */
export function fromSignal(signal: AbortSignal): CancelableContext {
  if (!isAbortSignal(signal)) throw invalidType('signal', 'an AbortSignal', signal)
  let group = groups.get(signal)
  if (group === undefined) {
    group = new SignalScopes(signal)
    groups.set(signal, group)
  }
  const scope = new SignalScope(group)
  if (signal.aborted) scope.cancel(canceledError(signal.reason))
  else group.add(scope)
  return new ScopeContext(null, 'context.FromSignal', scope)
}
