// How a goroutine, or all of them, can end without a result.
import { brand, WarrenError } from './warren-error.ts'

/** What `join` throws for a goroutine that was ended by `kill`; `cause` is the reason that was given. */
export class KilledError extends WarrenError {
  declare readonly code: 'ERR_KILLED'

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_KILLED', message, options)
  }

  static {
    brand(this, 'KilledError')
  }
}

/** All goroutines are asleep; the message is Go's, followed by the dump. */
export class DeadlockError extends WarrenError {
  declare readonly code: 'ERR_DEADLOCK'

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DEADLOCK', message, options)
  }

  static {
    brand(this, 'DeadlockError')
  }
}
