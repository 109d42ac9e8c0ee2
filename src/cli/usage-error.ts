// What the command line can be wrong about.
import { WarrenError } from '../errors/warren-error.ts'

/** The command was called wrongly: exit status 2. */
export class UsageError extends WarrenError {
  declare readonly code: 'ERR_USAGE' | 'ERR_NOT_AVAILABLE'

  constructor(code: UsageError['code'], message: string) {
    super(code, message)
  }
}
