// Calling a function when a context ends.
import { requireFunction } from '../errors/argument.ts'
import { cancelSource } from '../runtime/cancel-source.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { Callback } from '../time/callback.ts'
import { requireContext } from './context.ts'
import { type Link, unlink } from './links.ts'
import { attach } from './scope.ts'
import type { Context } from './types.ts'

class Call implements Link {
  before: Link['before'] = null
  after: Link['after'] = null
  readonly #callback: Callback
  #isPending = true

  constructor(fn: () => GoroutineBody<unknown>) {
    this.#callback = new Callback(fn)
  }

  mark(): void {}

  end(): void {
    if (this.stop()) this.#callback.start()
  }

  /** Says whether it was to be called. */
  stop(): boolean {
    const wasPending = this.#isPending
    this.#isPending = false
    unlink(this)
    return wasPending
  }
}

/**
 * Calls `fn` in a goroutine of its own when `ctx` ends; at once when it has ended. Returns a function that calls it off and
 * says whether it did: false means that `fn` has been started, or had been called off before.
 *
 * It does not keep the program alive.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `ctx` is no Context or `fn` no function.
 * @example
 * const ctx = withCancel(background())
 * const called = chan<string>()
 * afterFunc(ctx, async () => called.send('called'))
 * ctx.cancel()
 * console.log(await called.receive()) // called
 */
export function afterFunc(ctx: Context, fn: () => GoroutineBody<unknown>): () => boolean {
  const scope = requireContext('ctx', ctx)[cancelSource]
  requireFunction('fn', fn)
  const call = new Call(fn)
  attach(call, scope)
  return () => call.stop()
}
