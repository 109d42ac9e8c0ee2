// Operations that could finish at once, in a turn that has had its time: they have taken effect, and only their outcome
// waits for the next turn. Their waiters stand in no queue; by these tags the scheduler and `kill` know them.

import type { Resolve } from './promise.ts'
import type { Waiter } from './waiter.ts'

export const tookEffect: unique symbol = Symbol.for('warren.tookEffect')
export const tookEffectAndFailed: unique symbol = Symbol.for('warren.tookEffectAndFailed')

export function isKeptBack(tag: unknown): boolean {
  return tag === tookEffect || tag === tookEffectAndFailed
}

/** Tells the promise that awaits a completed operation how it ended. */
export function settleTarget(waiter: Waiter): void {
  const resolve = waiter.target as Resolve
  waiter.target = null
  waiter.settlePromise(resolve)
}
