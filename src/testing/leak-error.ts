import { formatLeaks, type Leak } from '../debug/leaks.ts'
import { brand, WarrenError } from '../errors/warren-error.ts'

/** Goroutines were left when all should have ended; the message groups them as Go's dumps do. */
export class LeakError extends WarrenError {
  declare readonly code: 'ERR_LEAK'
  readonly leaks: readonly Leak[]

  constructor(leaks: readonly Leak[]) {
    const count = leaks.length === 1 ? '1 goroutine is' : `${leaks.length} goroutines are`
    super('ERR_LEAK', `${count} left of those that were started here\n\n${formatLeaks(leaks)}`)
    this.leaks = leaks
  }

  static {
    brand(this, 'LeakError')
  }
}
