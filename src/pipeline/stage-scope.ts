// What a stage belongs to: the goroutine and the asynchronous context in which its turns run, and the context that ends it.
import { background } from '../context/background.ts'
import type { BaseContext } from '../context/context.ts'
import { fromSignal } from '../context/from-signal.ts'
import { type Link, unlink } from '../context/links.ts'
import { attach, type Scope } from '../context/scope.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import type { ContextError } from '../errors/context-error.ts'
import { type Cancel, cancelSource, isAbortSignal } from '../runtime/cancel-source.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { RunInContext } from '../runtime/host.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'
import { callLater, ownContext, ownRecord } from './call-later.ts'
import { failContext } from './cause.ts'
import { isInSendersStep } from './senders-step.ts'

export class StageScope implements Link {
  before: Link['before'] = null
  after: Link['after'] = null
  /** In a bubble, the goroutine that made the stage: it takes its turns there. */
  readonly record: GoroutineRecord | null = ownRecord()
  /** What the stage's own work has for a parent. */
  readonly ctx: Context
  /** Where its turns run: what it pulls from may call the user's functions, whatever it does itself. */
  readonly #context: RunInContext | null = ownContext(this.record)
  readonly #scope: Scope | null
  /** Made for the stage alone, from a signal; it ends with the stage. */
  readonly #ownCtx: CancelableContext | null
  #onEnd: ((error: ContextError) => void) | null = null

  constructor(cancel: Cancel | null) {
    this.#ownCtx = isAbortSignal(cancel) ? fromSignal(cancel) : null
    this.ctx = this.#ownCtx ?? (cancel as Context | null) ?? background()
    this.#scope = cancel === null ? null : (this.ctx as BaseContext)[cancelSource]
  }

  /** A deadline that may end the stage: it keeps the program alive while somebody waits for the stage. */
  get deadline(): QueueObserver | null {
    return this.#scope === null ? null : this.#scope.deadline
  }

  /** Calls `onEnd` when the context ends; at once when it has. */
  listen(onEnd: (error: ContextError) => void): void {
    if (this.#scope === null) return
    this.#onEnd = onEnd
    attach(this, this.#scope)
  }

  mark(): void {}

  end(error: ContextError): void {
    this.#onEnd?.(error)
  }

  /** The stage has ended. */
  leave(): void {
    unlink(this)
    if (this.#ownCtx !== null) this.endContext(this.#ownCtx, undefined)
  }

  /** Runs a turn of the stage. */
  run<A>(fn: (argument: A) => void, argument: A): void {
    if (this.#context === null) fn(argument)
    else this.#context(fn, argument)
  }

  /** Ends a context that the user's functions were given: whoever listens to it is the user's code. */
  endContext(ctx: CancelableContext, reason: unknown, hasFailed = false): void {
    const end = hasFailed ? () => failContext(ctx, reason) : () => ctx.cancel(reason)
    if (isInSendersStep()) this.callLater(end)
    else end()
  }

  /** Calls a function of the user's that tells of the end: in a turn of its own, since this may be somebody else's step. */
  callLater(fn: () => void): void {
    callLater(this.record, () => this.run(fn, undefined))
  }
}
