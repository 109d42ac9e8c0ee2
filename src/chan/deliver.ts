// How a waiter of a channel is completed. A receiver says by its tag in which form it wants the value; a case of a
// select carries the name of the case as its tag; a batch of values sends on by itself.
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import type { Waiter } from '../runtime/waiter.ts'

export const receiveValue: unique symbol = Symbol.for('warren.receive')
export const receiveNext: unique symbol = Symbol.for('warren.next')
export const receiveBatch: unique symbol = Symbol.for('warren.receiveMany')

/** The tag of a sender that goes on after its value was taken. */
export interface SenderTag {
  /** The queued value was taken: wakes the waiter, or leaves it waiting with another value. */
  sent(waiter: Waiter): void
}

/** The tag of a receiver that is no goroutine: it takes the value, or the end, within the sender's step. */
export interface ReceiverTag {
  received(waiter: Waiter, value: unknown): void
  /** The channel was closed. */
  ended(waiter: Waiter): void
}

/** Completes a receiver with a value; see `wake` for `later`. */
export function deliver(receiver: Waiter, value: unknown, later = false): void {
  const tag = receiver.tag
  if (tag === receiveValue) scheduler.wake(receiver, value, false, later)
  else if (receiver.reason === WaitReason.select) scheduler.wake(receiver, { case: tag, value, ok: true }, false, later)
  else if (tag === receiveNext) scheduler.wake(receiver, { value, done: false }, false, later)
  else if (tag === receiveBatch) scheduler.wake(receiver, [value], false, later)
  else (tag as ReceiverTag).received(receiver, value)
}

/** Completes a receiver of a channel that was closed; see `wake` for `later`. */
export function deliverClosed(receiver: Waiter, later: boolean): void {
  const tag = receiver.tag
  if (tag === receiveValue) scheduler.wake(receiver, undefined, false, later)
  else if (receiver.reason === WaitReason.select)
    scheduler.wake(receiver, { case: tag, value: undefined, ok: false }, false, later)
  else if (tag === receiveNext) scheduler.wake(receiver, { value: undefined, done: true }, false, later)
  else if (tag === receiveBatch) scheduler.wake(receiver, [], false, later)
  else (tag as ReceiverTag).ended(receiver)
}

/** Takes a blocked sender's value, and completes it; see `wake` for `later`. */
export function takeFromSender(sender: Waiter, later = false): unknown {
  const value = sender.value
  const tag = sender.tag
  if (tag === undefined) scheduler.wake(sender, undefined, false, later)
  else if (sender.reason === WaitReason.select)
    scheduler.wake(sender, { case: tag, value: undefined, ok: true }, false, later)
  else (tag as SenderTag).sent(sender)
  return value
}
