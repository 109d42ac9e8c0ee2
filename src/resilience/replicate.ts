// Replicated requests: the same call to several at once, for the answer of the fastest.
import { requireFunction, requireInteger } from '../errors/argument.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { Operation } from '../runtime/operation.ts'
import { Race, type Replica, runRace } from './race.ts'

class Replicas<T> extends Race<T> {
  readonly #n: number

  constructor(n: number, fn: Replica<T>, ctx: Cancel | undefined) {
    requireInteger('n', n, 1)
    requireFunction('fn', fn)
    super(n, fn, ctx)
    this.#n = n
  }

  protected begin(): void {
    while (this.started < this.#n) this.startNext()
  }

  protected attemptFailed(): boolean {
    return false
  }
}

/**
 * Runs `fn` in `n` goroutines at once, and returns the result of the first that succeeds; the context of the others ends then.
 * `fn` gets that context and its number, 0 to n - 1: to ask another server, say. It may be async, a generator function or plain.
 *
 * It costs n times the load for the latency of the fastest; `hedge` has most of the gain for a fraction of that. What `fn` does
 * must be safe to do more than once.
 *
 * *Blocking*: until one succeeds or all have failed; not until the losers have stopped. *Cancellation*: all attempts are cancelled; so
 * are they when the calling goroutine is killed. What losers return or throw is dropped. *Ordering*: all that the winner did happens before it returns.
 * @throws {AllFailedError} when all have failed, with each error in the order of the attempts.
 * @throws {ContextError} when `ctx` ends first.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE`; `ERR_OUT_OF_RANGE` when `n` is no integer of at least 1.
 * @example
 * const mirrors = ['slow', 'fast', 'broken']
 * const first = await replicate(3, async (ctx, i) => {
 *   if (mirrors[i] === 'broken') throw new Error('connection refused')
 *   await sleep(mirrors[i] === 'fast' ? 1 : 60_000, ctx)
 *   return mirrors[i]
 * })
 * console.log(first) // fast
 */
export function replicate<T>(n: number, fn: Replica<T>, ctx?: Cancel): Operation<T> {
  return runRace(() => new Replicas(n, fn, ctx), ctx)
}
