// Ends a stage with its context.
import { type Link, unlink } from '../context/links.ts'
import type { Scope } from '../context/scope.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import type { ContextError } from '../errors/context-error.ts'

interface Ending {
  contextEnded(error: ContextError): void
}

export class EndLink implements Link {
  before: Link['before'] = null
  after: Link['after'] = null
  readonly scope: Scope
  readonly #stage: Ending
  readonly #own: CancelableContext | null

  /** `own`: a context that was made for the stage alone, and ends with it. */
  constructor(stage: Ending, scope: Scope, own: Context | null) {
    this.scope = scope
    this.#stage = stage
    this.#own = own as CancelableContext | null
  }

  mark(): void {}

  end(error: ContextError): void {
    this.#stage.contextEnded(error)
  }

  leave(): void {
    unlink(this)
    this.#own?.cancel()
  }
}
