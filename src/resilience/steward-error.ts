// What a steward has to say about its ward.
import { brand, WarrenError } from '../errors/warren-error.ts'

/**
 * `ERR_WARD_SILENT`: a ward has not pulsed in time; it is the cause with which its context ends, and what `onRestart` is told.
 * `ERR_RESTARTS_EXHAUSTED`: the steward has given up; `cause` is what the last ward failed with.
 */
export class StewardError extends WarrenError {
  declare readonly code: 'ERR_WARD_SILENT' | 'ERR_RESTARTS_EXHAUSTED'

  constructor(code: StewardError['code'], message: string, options?: ErrorOptions) {
    super(code, message, options)
  }

  static {
    brand(this, 'StewardError')
  }
}
