// Well-formed errors, as the book's chapter on error propagation has them: what happened, when and where, a message that
// people may read, and an id under which the log has the rest. Made at the border of a module, out of whatever came from
// below; whatever reaches the top without having become one is a bug.
import { invalidType, requireDate, requireObject } from '../errors/argument.ts'
import { brand, type ErrorCode, WarrenError } from '../errors/warren-error.ts'
import { scheduler } from '../runtime/runtime.ts'
import { type ErrorData, type FailureData, toData } from './error-data.ts'
import { isFailureData, toError } from './error-from-data.ts'
import { newId } from './failure-id.ts'
import { isAbort } from './told-to-stop.ts'

export interface FailureOptions extends ErrorOptions {
  /** To tell failures apart by; `ERR_FAILURE` unless told. */
  readonly code?: ErrorCode | undefined
  /** What the log should know besides: whatever helps to find out. Not for people. */
  readonly misc?: Readonly<Record<string, unknown>> | undefined
  /** The id in the log; that of the Failure that is its cause, or else a new one. */
  readonly id?: string | undefined
  /** When it happened; now unless told. */
  readonly timestamp?: Date | undefined
}

const unexpected = 'There was an unexpected issue; please report this as a bug.'
const canceled = 'The operation was canceled.'

/**
 * A well-formed error. `message` is for people: it says in their words what could not be done. Everything else is for the
 * log, where `id` finds it.
 *
 * `console.error(failure)` prints all of it, and `JSON.stringify` keeps all of it: see {@link Failure.toJSON}.
 * `instanceof` holds across copies of this package.
 * @example
 * const failure = new Failure('cannot run job "1"', { cause: new Error('ENOENT'), misc: { job: 1 } })
 * console.log(failure.message, failure.misc) // cannot run job "1" { job: 1 }
 */
export class Failure extends WarrenError {
  /** One for all Failures that were made of the same error: at each border one is wrapped, the id stays. */
  readonly id: string
  readonly timestamp: Date
  readonly misc: Readonly<Record<string, unknown>>

  /**
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `message` is not a string, or `timestamp` no Date; `ERR_OUT_OF_RANGE` when that
   * is invalid.
   */
  constructor(message: string, options: FailureOptions = {}) {
    if (typeof message !== 'string') throw invalidType('message', 'a string', message)
    requireObject('options', options)
    if (options.timestamp !== undefined) requireDate('timestamp', options.timestamp)
    const { code = 'ERR_FAILURE', misc = {}, cause } = options
    super(code, message, 'cause' in options ? { cause } : undefined)
    this.id = options.id ?? (cause instanceof Failure ? cause.id : newId())
    this.timestamp = options.timestamp ?? new Date(scheduler.clock.wallTime())
    this.misc = misc
  }

  /** Whether it was made from an error for which nobody had a message: see {@link wellFormed}. */
  get isUnexpected(): boolean {
    return this.code === 'ERR_UNEXPECTED'
  }

  /** As plain data: with its causes, their stacks, and what `misc` holds; {@link Failure.from} reads it. */
  toJSON(): FailureData {
    return toData(this) as FailureData
  }

  /**
   * The Failure that was made into data: by `JSON.stringify`, or by `toJSON` to be sent to another thread or realm
   * (`structuredClone` of the error itself loses all but its message). Causes become errors with the names, codes and stacks
   * they had; of what JSON does not know, descriptions are left. A Failure is returned as it is.
   * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when it is no Failure's data.
   * @example
   * const sent = JSON.stringify(new Failure('out of paper', { misc: { tray: 2 } }))
   * const failure = Failure.from(JSON.parse(sent))
   * console.log(failure instanceof Failure, failure.message, failure.misc) // true out of paper { tray: 2 }
   */
  static from(data: FailureData | Failure): Failure {
    if (data instanceof Failure) return data
    if (!isFailureData(data)) throw invalidType('data', 'what toJSON of a Failure gives', data)
    return toError(data, revive) as Failure
  }

  static {
    brand(this, 'Failure')
  }
}

function revive(data: ErrorData, cause: ErrorOptions): Error | undefined {
  if (!isFailureData(data)) return undefined
  const { message, code, misc, id } = data
  return new Failure(message, { code, misc: misc ?? {}, id, timestamp: new Date(data.timestamp), ...cause })
}

/**
 * Wraps what came from below, at the border of a module: `message` says what could not be done, in words for the people
 * who asked for it. The error becomes the cause. A cancellation may be wrapped too: retries and breakers look through causes.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `message` is not a string.
 * @example
 * const readConfig = async () => {
 *   throw new Error('ENOENT: no such file')
 * }
 * const failure: Failure = await readConfig().catch((error) => wrap(error, 'the configuration cannot be read', { path: 'a.json' }))
 * console.log(failure.message, failure.misc) // the configuration cannot be read { path: 'a.json' }
 */
export function wrap(error: unknown, message: string, misc?: Readonly<Record<string, unknown>>): Failure {
  return new Failure(message, { cause: error, misc })
}

/**
 * What to show and to log of an error, at the top: a {@link Failure} is returned as it is. Anything else is a bug, since no
 * module has put it in words: it becomes a Failure that says so, with the error as its cause and a new id. But to have been
 * told to stop is no bug: that becomes one with the code `ERR_CONTEXT_CANCELED`.
 * @example
 * const failure = wellFormed(new TypeError('x is not a function'))
 * // console.error(failure), and for people:
 * console.log(failure.message) // There was an unexpected issue; please report this as a bug.
 */
export function wellFormed(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (isAbort(error)) return new Failure(canceled, { cause: error, code: 'ERR_CONTEXT_CANCELED' })
  return new Failure(unexpected, { cause: error, code: 'ERR_UNEXPECTED' })
}
