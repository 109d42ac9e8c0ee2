// A context together with the right to end it.
import { scheduler } from '../runtime/runtime.ts'
import { BaseContext } from './context.ts'
import { canceledError } from './end-error.ts'
import type { Scope } from './scope.ts'
import type { CancelableContext } from './types.ts'

export class ScopeContext extends BaseContext implements CancelableContext {
  readonly #scope: Scope

  constructor(parent: BaseContext | null, name: string, scope: Scope) {
    super(parent, name, scope, parent === null ? null : parent.values)
    this.#scope = scope
  }

  cancel(cause?: unknown): void {
    if (this.#scope.error === undefined) this.#scope.cancel(canceledError(cause))
  }

  [Symbol.dispose](): void {
    this.cancel()
  }

  protected override detail(): string {
    const deadline = this.#scope.deadline
    if (deadline === null || !deadline.belongsTo(this.#scope)) return ''
    const leftMs = Math.round(deadline.wallTime - scheduler.clock.wallTime())
    return `(${new Date(deadline.wallTime).toISOString()} [${leftMs}ms])`
  }
}
