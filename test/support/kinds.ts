// The kinds of channels that a case runs over.

import { expect, test } from 'vitest'
import { type Chan, chan } from 'warren'
import { Channel } from '../../src/chan/chan.ts'
import type { WaitQueue } from '../../src/runtime/wait-queue.ts'
import type { Waiter } from '../../src/runtime/waiter.ts'
import { type Body, type Style, styles } from './styles.ts'

export interface Kind {
  readonly name: string
  readonly capacity: number
  readonly overflow: 'block' | 'drop-newest' | 'drop-oldest'
  make<T>(): Chan<T>
}

function kind(capacity: number, overflow: Kind['overflow'] = 'block'): Kind {
  const name = overflow !== 'block' ? `${overflow} ${capacity}` : capacity === 0 ? 'unbuffered' : `buffered ${capacity}`
  return { name, capacity, overflow, make: () => chan({ capacity, overflow }) }
}

export const unbuffered: Kind = kind(0)
export const buffered: readonly Kind[] = [kind(1), kind(3), kind(100)]
/** What loses nothing. */
export const lossless: readonly Kind[] = [unbuffered, ...buffered]
/** Where a sender never waits. */
export const dropping: readonly Kind[] = [
  kind(0, 'drop-newest'),
  kind(1, 'drop-newest'),
  kind(3, 'drop-newest'),
  kind(1, 'drop-oldest'),
  kind(3, 'drop-oldest'),
]
export const everyKind: readonly Kind[] = [...lossless, ...dropping]

/** A test for each kind and each style. */
export function overKinds(
  kinds: readonly Kind[],
  title: string,
  body: (kind: Kind, style: Style) => Body<unknown>,
): void {
  for (const each of kinds) {
    for (const style of styles) {
      test(`${title} (${each.name}, ${style.name})`, () => style.go(body, each, style).join())
    }
  }
}

/** The channel with what the core sees of it. */
export function internals<T>(ch: unknown): Channel<T> {
  if (!(ch instanceof Channel)) throw new TypeError('not a channel')
  return ch as Channel<T>
}

/** The invariants that stand at the top of chan.ts, as far as one channel alone can tell. */
export function checkInvariants(ch: unknown): void {
  const { senders, receivers, closed, length, capacity, buffer, overflow } = internals(ch)
  if (closed) expect([senders.isEmpty, receivers.isEmpty], 'nobody waits on a closed channel').toEqual([true, true])
  if (!receivers.isEmpty) expect(length, 'receivers wait only while the buffer is empty').toBe(0)
  if (!senders.isEmpty) expect([length, overflow], 'senders wait only while it is full').toEqual([capacity, 'block'])
  expect(buffer?.length ?? 0, 'length counts the buffer').toBe(length)
  expect(length).toBeLessThanOrEqual(capacity)
  const roots = new Set([...waitersOf(senders), ...waitersOf(receivers)].map(({ root }) => root))
  if (!senders.isEmpty && !receivers.isEmpty) {
    expect([capacity, roots.size], 'both ends have waiters only for one select on an unbuffered channel').toEqual([
      0, 1,
    ])
  }
  for (const queue of [senders, receivers]) {
    for (const waiter of waitersOf(queue)) {
      expect(waiter.root.done, 'a waiter in a queue can be claimed').toBe(false)
      expect(waiter.queue === queue, 'a waiter knows its queue').toBe(true)
    }
  }
}

/** The waiters of a queue, oldest first, whether its links make a circle or end. */
export function waitersOf(queue: WaitQueue): Waiter[] {
  const waiters: Waiter[] = []
  for (let waiter = queue.head; waiter !== null && waiters[0] !== waiter; waiter = waiter.after) waiters.push(waiter)
  return waiters
}

export function expectNoWaiters(...channels: readonly unknown[]): void {
  for (const ch of channels) {
    const { senders, receivers } = internals(ch)
    expect([senders.isEmpty, receivers.isEmpty], 'no waiter is left').toEqual([true, true])
  }
}
