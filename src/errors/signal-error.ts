// Why the context of `run` ended, when the operating system asked the program to end.
import { brand, WarrenError } from './warren-error.ts'

/** The cause with which a signal to the program cancels the context of `run`. */
export class SignalError extends WarrenError {
  declare readonly code: 'ERR_SIGNAL'
  /** `SIGINT` or `SIGTERM`. */
  readonly signal: string

  constructor(signal: string) {
    super('ERR_SIGNAL', `received ${signal}`)
    this.signal = signal
  }

  static {
    brand(this, 'SignalError')
  }
}
