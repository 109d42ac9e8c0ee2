// One life of a ward, as its steward sees it: what it was started as, and by which channels it is watched.
//
// Invariants
// * Nothing of a ward reaches the steward but through these channels, and the steward looks at those of the present ward only: what
//   a ward that ignores its cancel does later is seen by nobody.
// * `started` and `ended` have room for the one thing that is ever sent.
import { kindOf } from '../chan/case-kind.ts'
import { Channel } from '../chan/chan.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { withCancel } from '../context/derive.ts'
import type { CancelableContext, Context } from '../context/types.ts'
import { invalidType } from '../errors/argument.ts'
import { go } from '../runtime/go.ts'
import { exiting } from '../runtime/goexit.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { Operation, Wait } from '../runtime/operation.ts'
import { wait } from '../runtime/wait.ts'
import { Child, type Parent } from '../sync/child.ts'

/** What a steward looks after: a `Heartbeat`, another `Steward`, or anything of that shape. */
export interface Ward<out T> {
  /** Its signs of life, of any kind. When it is closed, and there is no `join`, the ward has ended. */
  readonly pulse: ReceiveChan<unknown>
  /** Its values, if it has any. */
  readonly results?: ReceiveChan<T> | undefined
  /** Waits for its end, and rejects when it failed. */
  join?(): PromiseLike<unknown>
}

/** How a ward ended, if not by silence. */
export interface WardEnd {
  readonly failed: boolean
  readonly error: unknown
  /** That it cannot be started at all: what starts it is wrong. */
  readonly isMisuse?: boolean
}

export type StartWard<T> = (ctx: Context, intervalMs: number) => GoroutineBody<Ward<T> | ReceiveChan<unknown>>

export class WardLife<T> {
  readonly started: Channel<Ward<T>> = new Channel<Ward<T>>(1, 'block')
  readonly ended: Channel<WardEnd> = new Channel<WardEnd>(1, 'block')
  readonly #scope: CancelableContext

  constructor(startWard: StartWard<T>, intervalMs: number, parent: Context) {
    this.#scope = withCancel(parent)
    const starter: Parent = {
      ended: (failed, value) => {
        this.#starterEnded(failed, value)
        return true // the steward, or nobody when it has given this life up
      },
    }
    const child = new Child(() => startWard(this.#scope, intervalMs), starter)
    child.name = startWard.name
    child.start()
  }

  cancel(cause?: unknown): void {
    this.#scope.cancel(cause)
  }

  #starterEnded(failed: boolean, value: unknown): void {
    if (failed) {
      this.ended.trySend(value === exiting ? returned : { failed: true, error: value })
      return
    }
    const ward = toWard<T>(value)
    if (ward === null) {
      const error = invalidType('what startWard returns', 'a heartbeat, or a channel of pulses', value)
      this.ended.trySend({ failed: true, error, isMisuse: true })
      return
    }
    // Joined also when it comes too late, so that its error is nobody's panic.
    if (ward.join !== undefined) go(watchEnd, ward, this.ended)
    this.started.trySend(ward)
  }
}

const returned: WardEnd = { failed: false, error: undefined }

function* watchEnd(ward: Ward<unknown>, ended: Channel<WardEnd>): Generator<Wait, void> {
  try {
    const joined = ward.join!()
    yield* Symbol.iterator in joined ? (joined as Operation<unknown>) : wait(joined)
    ended.trySend(returned)
  } catch (error) {
    ended.trySend({ failed: true, error })
  }
}

function toWard<T>(value: unknown): Ward<T> | null {
  if (isReceivable(value)) return { pulse: value }
  if (typeof value !== 'object' || value === null || !('pulse' in value)) return null
  const { pulse, results, join } = value as Partial<Ward<T>>
  const isWard =
    isReceivable(pulse) &&
    (results === undefined || isReceivable(results)) &&
    (join === undefined || typeof join === 'function')
  return isWard ? (value as Ward<T>) : null
}

function isReceivable(value: unknown): value is ReceiveChan<unknown> {
  const kind = kindOf(value)
  return kind === 'channel' || kind === 'never'
}
