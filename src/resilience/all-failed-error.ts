// What is left of a call that was made several times, when it has failed each time.
import { brand, WarrenError } from '../errors/warren-error.ts'

/**
 * Every attempt at a call has failed: a {@link WarrenError} that is also an AggregateError, as `Promise.any` rejects with. `cause` is the
 * error of the first attempt, which is most often the one to read.
 */
export class AllFailedError extends AggregateError {
  readonly code = 'ERR_ALL_FAILED'
  /** What each attempt failed with, in the order of the attempts. */
  declare readonly errors: unknown[]

  constructor(errors: readonly unknown[]) {
    super(errors, messageOf(errors), { cause: errors[0] })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return WarrenError[Symbol.hasInstance].call(this, value)
  }

  static {
    brand(this, 'WarrenError')
    brand(this, 'AllFailedError')
  }
}

function messageOf(errors: readonly unknown[]): string {
  const texts = errors.map((error) => {
    try {
      return error instanceof Error ? error.message : String(error)
    } catch {
      return 'an error that cannot be printed'
    }
  })
  const distinct = [...new Set(texts)].join('; ')
  return errors.length === 1
    ? `the only attempt failed: ${distinct}`
    : `all ${errors.length} attempts failed: ${distinct}`
}
