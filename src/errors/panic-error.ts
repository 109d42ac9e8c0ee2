// Misuse: what Go answers with a panic. One literal code per message; the messages are Go's own, so that a search for
// them finds forty thousand answers.
import { brand, WarrenError } from './warren-error.ts'

const messages = {
  ERR_SEND_CLOSED: 'send on closed channel',
  ERR_CLOSE_NIL: 'close of nil channel',
  ERR_CLOSE_CLOSED: 'close of closed channel',
  ERR_CHAN_SIZE: 'makechan: size out of range',
  ERR_GO_NIL: 'go of nil func value',
  ERR_UNLOCK_UNLOCKED: 'sync: unlock of unlocked mutex',
  ERR_RW_UNLOCK_UNLOCKED: 'sync: Unlock of unlocked RWMutex',
  ERR_RW_RUNLOCK_UNLOCKED: 'sync: RUnlock of unlocked RWMutex',
  ERR_WAITGROUP_NEGATIVE: 'sync: negative WaitGroup counter',
  ERR_WAITGROUP_MISUSE: 'sync: WaitGroup misuse: Add called concurrently with Wait',
  ERR_WAITGROUP_REUSED: 'sync: WaitGroup is reused before previous Wait has returned',
  ERR_SEMAPHORE_RELEASE: 'semaphore: released more than held',
  ERR_CONTEXT_NIL_PARENT: 'cannot create context from nil parent',
  ERR_TICKER_INTERVAL: 'non-positive interval for NewTicker',
  ERR_TICKER_RESET: 'non-positive interval for Ticker.Reset',
  ERR_INVALID_ARG_TYPE: 'invalid argument type',
  ERR_OUT_OF_RANGE: 'value out of range',
  ERR_INVALID_OPERATION: 'invalid operation',
} as const

export type PanicCode = keyof typeof messages

export interface PanicOptions extends ErrorOptions {
  /** Facts that follow Go's message, after a colon. */
  readonly detail?: string
  /** Replaces the message altogether, for the codes that have none of Go's. */
  readonly message?: string
  /** The value that a failed send did not deliver. */
  readonly value?: unknown
}

/** Misuse of a primitive: thrown at the call that made the mistake, or rejecting its operation. */
export class PanicError extends WarrenError {
  declare readonly code: PanicCode
  /** The unsent value, on a failed send. */
  declare readonly value?: unknown

  constructor(code: PanicCode, options: PanicOptions = {}) {
    const message = options.message ?? messages[code]
    super(code, options.detail === undefined ? message : `${message}: ${options.detail}`, options)
    if ('value' in options) this.value = options.value
  }

  static {
    brand(this, 'PanicError')
  }
}
