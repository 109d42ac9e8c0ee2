// What stages read from.
import { kindOf } from '../chan/case-kind.ts'
import { Channel } from '../chan/chan.ts'
import type { ReceiveChan } from '../chan/types.ts'
import { invalidType } from '../errors/argument.ts'
import { fail, isInterrupted, neverEnding, type Operation } from '../runtime/operation.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { AsyncSource } from './async-source.ts'

/** The channel behind any ReceiveChan: one that is not ours is read by its `next`, the nil channel is one that nobody sends to. */
export function inputOf<T>(ch: ReceiveChan<T>, name = 'ch'): Channel<T> {
  const kind = kindOf(ch)
  if (kind === 'channel') return ch as Channel<T>
  if (kind === 'never') return new Channel<T>(0, 'block')
  if (isReadable(ch)) return new AsyncSource<T>({ next: () => ch.next() }).stage.open()
  throw invalidType(name, 'a channel', ch)
}

function isReadable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { next?: unknown }).next === 'function'
}

/** For what waits: a wrong argument fails its operation, and for a goroutine that was killed nothing is begun. */
export function attempt<R>(start: () => Operation<R>): Operation<R> {
  if (isInterrupted()) return neverEnding(WaitReason.chanReceive)
  try {
    return start()
  } catch (error) {
    return fail(error)
  }
}
