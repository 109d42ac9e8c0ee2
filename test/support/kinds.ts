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

/** The invariants that stand at the top of chan.ts, as far as one channel alone can tell. Cheap, for explored schedules. */
export function checkInvariants(ch: unknown): void {
  const { senders, receivers, closed, length, capacity, buffer, overflow } = internals(ch)
  if (closed) must(senders.isEmpty && receivers.isEmpty, 'nobody waits on a closed channel')
  if (!receivers.isEmpty) must(length === 0, 'receivers wait only while the buffer is empty')
  if (!senders.isEmpty) must(length === capacity && overflow === 'block', 'senders wait only while it is full')
  must((buffer?.length ?? 0) === length, 'length counts the buffer')
  must(length <= capacity, 'the buffer takes no more than its capacity')
  if (!senders.isEmpty && !receivers.isEmpty) {
    const roots = new Set([...waitersOf(senders), ...waitersOf(receivers)].map(({ root }) => root))
    must(capacity === 0 && roots.size === 1, 'both ends have waiters only for one select on an unbuffered channel')
  }
  for (const queue of [senders, receivers]) {
    for (const waiter of waitersOf(queue)) {
      must(!waiter.root.done, 'a waiter in a queue can be claimed')
      must(waiter.queue === queue, 'a waiter knows its queue')
    }
  }
}

function must(condition: boolean, message: string): void {
  if (!condition) expect.fail(message)
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
    must(senders.isEmpty && receivers.isEmpty, 'no waiter is left')
  }
}
