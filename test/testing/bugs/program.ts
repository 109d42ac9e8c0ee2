// Small concurrent programs with a bug, and the same without it: what exploration must find, and must not report.
import type { Context, GoroutineBody } from 'warren'
import type { FailureKind } from 'warren/testing'

export interface BugProgram {
  readonly name: string
  /** How the broken one fails. */
  readonly kind: FailureKind
  readonly broken: (t: { readonly ctx: Context }) => GoroutineBody<void>
  readonly fixed: (t: { readonly ctx: Context }) => GoroutineBody<void>
}
