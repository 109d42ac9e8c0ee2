// What may end a wait from outside: a Context, or a plain AbortSignal behind an adapter. A wait links one more waiter
// into the source's queue, as a sibling of its own: cancelling is then one more way to claim it, and a finished wait
// leaves in O(1). An AbortSignal has one listener in all, and only while something waits on it.
import { invalidType } from '../errors/argument.ts'
import { ContextCanceledError, type ContextError } from '../errors/context-error.ts'
import type { PanicError } from '../errors/panic-error.ts'
import { abort, fail, type Operation, park } from './operation.ts'
import type { QueueObserver } from './wait-queue.ts'
import { WaitQueue } from './wait-queue.ts'
import { Waiter } from './waiter.ts'

/** The key under which a context carries its {@link CancelSource}; registered, for other copies of the package. */
export const cancelSource: unique symbol = Symbol.for('warren.cancelSource')

/** Anything that blocking calls take as their last argument. */
export type Cancel = Cancelable | AbortSignal

/** A Context, as far as the layers below it know. */
export interface Cancelable {
  /** Null for one that never ends. */
  readonly [cancelSource]: CancelSource | null
}

export class CancelSource {
  /** Why it ended; undefined while it has not. */
  error: ContextError | PanicError | undefined = undefined
  /** The waits that end when it does. */
  readonly waiters: WaitQueue

  constructor(observer: QueueObserver | null) {
    this.waiters = new WaitQueue(observer)
  }

  /** Whether it has ended, asked anew: a signal tells only those who wait. */
  hasEnded(): boolean {
    return this.error !== undefined
  }

  /** Ends every wait on it with `error`, oldest first. The first error stands. */
  cancel(error: ContextError): void {
    if (this.error !== undefined) return
    this.error = error
    for (let waiter = this.waiters.head; waiter !== null; waiter = this.waiters.head) abort(waiter, error)
  }
}

const sources = new WeakMap<AbortSignal, CancelSource>()

/**
 * The source behind a Context or an AbortSignal, or of an error when it is neither; null when it never ends: such a wait must hang on nothing.
 */
export function cancelSourceOf(cancel: Cancel): CancelSource | null {
  if (typeof cancel === 'object' && cancel !== null) {
    if (cancelSource in cancel) return cancel[cancelSource]
    if (isAbortSignal(cancel)) return sourceOfSignal(cancel)
  }
  return refusal(invalidType('ctx', 'a Context or an AbortSignal', cancel))
}

/** A source that has ended already: what waits on it fails through its operation, in either style. */
function refusal(error: PanicError): CancelSource {
  const source = new CancelSource(null)
  source.error = error
  return source
}

/** Parks a waiter that is queued already, such that the end of `source` ends it too. */
export function parkUnder<T>(waiter: Waiter, source: CancelSource | null): Operation<T> {
  if (source !== null) {
    // Looking for what could be received may have run the user's code (a stage does), which may have ended it.
    if (source.hasEnded()) {
      waiter.unlink()
      waiter.done = true
      return fail(source.error)
    }
    const link = new Waiter(waiter.reason, undefined, undefined)
    waiter.addSibling(link)
    source.waiters.push(link)
  }
  return park(waiter)
}

/** By shape: there may be more than one class of them (jsdom, other realms). */
export function isAbortSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
}

function sourceOfSignal(signal: AbortSignal): CancelSource {
  let source = sources.get(signal)
  if (source === undefined) {
    source = new SignalSource(signal)
    sources.set(signal, source)
  }
  source.hasEnded()
  return source
}

class SignalSource extends CancelSource {
  readonly #signal: AbortSignal

  constructor(signal: AbortSignal) {
    super(new SignalObserver(signal))
    this.#signal = signal
  }

  override hasEnded(): boolean {
    if (this.error === undefined && this.#signal.aborted) this.cancel(abortError(this.#signal))
    return this.error !== undefined
  }
}

function abortError(signal: AbortSignal): ContextCanceledError {
  return new ContextCanceledError({ cause: signal.reason })
}

/** Listens to the signal while somebody waits. Holds the signal only, and the signal it: both go together. */
class SignalObserver implements QueueObserver {
  readonly #signal: AbortSignal
  #waits = 0
  readonly #onAbort = (): void => {
    sources.get(this.#signal)?.cancel(abortError(this.#signal))
  }

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  entered(): void {
    if (this.#waits++ === 0) this.#signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  left(): void {
    if (--this.#waits === 0) this.#signal.removeEventListener('abort', this.#onAbort)
  }
}
