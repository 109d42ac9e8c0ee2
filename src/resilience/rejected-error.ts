// Calls that were not made.
import { brand, WarrenError } from '../errors/warren-error.ts'

/** The circuit breaker is open: the function was not called. `cause` is the failure that opened it. */
export class CircuitOpenError extends WarrenError {
  declare readonly code: 'ERR_CIRCUIT_OPEN'
  /** Of the breaker; undefined when it has none. */
  readonly breaker: string | undefined
  /** Milliseconds until a call will be let through; 0 when it waits for the calls that try whether all is well again. */
  readonly retryAfterMs: number

  constructor(breaker: string | undefined, retryAfterMs: number, options?: ErrorOptions) {
    const whose = breaker === undefined ? '' : `${breaker}: `
    const fact = retryAfterMs > 0 ? `for ${Math.ceil(retryAfterMs)} ms` : 'while it is being tried'
    super('ERR_CIRCUIT_OPEN', `${whose}circuit breaker is open ${fact}`, options)
    this.breaker = breaker
    this.retryAfterMs = retryAfterMs
  }

  static {
    brand(this, 'CircuitOpenError')
  }
}

/** As many calls as a bulkhead takes are running, and as many as may wait do: the function was not called. */
export class BulkheadFullError extends WarrenError {
  declare readonly code: 'ERR_BULKHEAD_FULL'
  /** Of the bulkhead; undefined when it has none. */
  readonly bulkhead: string | undefined

  constructor(bulkhead: string | undefined, running: number, queued: number) {
    const whose = bulkhead === undefined ? '' : `${bulkhead}: `
    super('ERR_BULKHEAD_FULL', `${whose}bulkhead is full: ${running} running, ${queued} waiting`)
    this.bulkhead = bulkhead
  }

  static {
    brand(this, 'BulkheadFullError')
  }
}
