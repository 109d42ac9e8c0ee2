import { expect } from 'vitest'
import type { Operation } from 'warren'
import { type Body, on } from './styles.ts'

/** What an operation fails with, at the call or later. */
export function* errorOf(operation: () => Operation<unknown>): Body<unknown> {
  let value: unknown
  try {
    value = yield* on(operation())
  } catch (error) {
    return error
  }
  return expect.fail(`it did not fail: ${String(value)}`)
}
