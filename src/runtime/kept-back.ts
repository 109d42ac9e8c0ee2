// Operations that could finish at once, in a turn that has had its time: they have taken effect, and only their outcome
// waits for the next turn. Their waiters stand in no queue; by these tags the scheduler and `kill` know them.

export const tookEffect: unique symbol = Symbol.for('warren.tookEffect')
export const tookEffectAndFailed: unique symbol = Symbol.for('warren.tookEffectAndFailed')

export function isKeptBack(tag: unknown): boolean {
  return tag === tookEffect || tag === tookEffectAndFailed
}
