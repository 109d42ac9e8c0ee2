// Ends a stage with its context.
import { type Link, unlink } from '../context/links.ts'
import type { Scope } from '../context/scope.ts'
import type { ContextError } from '../errors/context-error.ts'

interface Ending {
  contextEnded(error: ContextError): void
}

export class EndLink implements Link {
  before: Link['before'] = null
  after: Link['after'] = null
  readonly scope: Scope
  readonly #stage: Ending

  constructor(stage: Ending, scope: Scope) {
    this.scope = scope
    this.#stage = stage
  }

  mark(): void {}

  end(error: ContextError): void {
    this.#stage.contextEnded(error)
  }

  leave(): void {
    unlink(this)
  }
}
