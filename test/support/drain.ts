import type { ReceiveChan } from 'warren'

/** Takes what is there, without waiting. */
export function drain<T>(ch: ReceiveChan<T>): T[] {
  const values: T[] = []
  for (let got = ch.tryReceive(); got?.ok; got = ch.tryReceive()) values.push(got.value)
  return values
}
