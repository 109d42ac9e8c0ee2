// Why a limiter lets somebody not even wait. The messages are those of golang.org/x/time/rate.
import { brand, WarrenError } from '../errors/warren-error.ts'

/** A wait that a limiter refused at once: nothing was taken. */
export class LimitError extends WarrenError {
  declare readonly code: 'ERR_LIMIT_BURST' | 'ERR_LIMIT_DEADLINE'
  /** How many events were asked for. */
  readonly n: number

  constructor(code: LimitError['code'], n: number, fact: string) {
    super(code, `rate: Wait(n=${n}) ${fact}`)
    this.n = n
  }

  static {
    brand(this, 'LimitError')
  }
}

/** More events at once than the limiter ever lets through: to wait is of no use. */
export function burstExceeded(n: number, burst: number): LimitError {
  return new LimitError('ERR_LIMIT_BURST', n, `exceeds limiter's burst ${burst}`)
}

/** The turn would come after the deadline of the context. */
export function deadlineTooNear(n: number): LimitError {
  return new LimitError('ERR_LIMIT_DEADLINE', n, 'would exceed context deadline')
}
