// Invariants 7 and 8: queues are O(1), and nothing is retained after it ends.

import { describe, expect, test } from 'vitest'
import { background, type Chan, chan, go, select, sending, withCancel } from 'warren'
import { cancelSourceOf } from '../../src/runtime/cancel-source.ts'
import { Ring } from '../../src/runtime/ring.ts'
import type { WaitQueue } from '../../src/runtime/wait-queue.ts'
import { heapAfterGc } from '../support/gc.ts'
import { expectNoWaiters, internals, waitersOf } from '../support/kinds.ts'
import { attempt, type Body, idle, on, type Style, styles } from '../support/styles.ts'

const crowd = 100_000

/** Counts how often links of waiters are followed or written, of every tenth waiter: steps, not time. */
function countLinkSteps(queue: WaitQueue): { steps: number } {
  const counter = { steps: 0 }
  for (const [index, waiter] of waitersOf(queue).entries()) {
    if (index % 10 !== 0) continue
    for (const link of ['before', 'after'] as const) {
      let value = waiter[link]
      Object.defineProperty(waiter, link, {
        configurable: true,
        get() {
          counter.steps++
          return value
        },
        set(next) {
          counter.steps++
          value = next
        },
      })
    }
  }
  return counter
}

describe('7. leaving a queue takes the same few steps, however long it is', () => {
  for (const style of styles) {
    test(`cancelling one of ${crowd} receivers, in the middle (${style.name})`, { timeout: 60_000 }, async () => {
      const ch = chan<number>()
      const controller = new AbortController()
      for (let i = 0; i < crowd; i++) {
        if (i === crowd / 2) attempt(style, () => receiveUnder(ch, controller.signal))
        else style.go(() => receiveUnder(ch))
      }
      await idle()
      const queue = internals(ch).receivers
      expect(waitersOf(queue)).toHaveLength(crowd)
      const counter = countLinkSteps(queue)
      controller.abort()
      expect(counter.steps).toBeGreaterThan(0)
      expect(counter.steps).toBeLessThan(20)
      expect(waitersOf(queue)).toHaveLength(crowd - 1)
      ch.close()
      await idle()
    })
  }

  test(`killing one of ${crowd} senders, in the middle`, { timeout: 60_000 }, async () => {
    const ch = chan<number>()
    const goroutines = Array.from({ length: crowd }, (_, i) =>
      go(function* () {
        yield* ch.send(i)
      }),
    )
    await idle()
    const queue = internals(ch).senders
    const counter = countLinkSteps(queue)
    goroutines[crowd / 2]!.kill()
    expect(counter.steps).toBeLessThan(20)
    const values: number[] = []
    for (let i = 0; i < crowd - 1; i++) values.push(ch.tryReceive()!.value!)
    expect([values.length, values.includes(crowd / 2), ch.tryReceive()]).toEqual([crowd - 1, false, undefined])
    await idle()
  })

  test(`a select that is picked through one of its channels, each with ${crowd / 10} others waiting`, async () => {
    const channels = Array.from({ length: 3 }, () => chan<number>())
    for (const ch of channels) for (let i = 0; i < crowd / 20; i++) void ch.receive()
    const own = chan<number>()
    const selecting = select([...channels, own])
    for (const ch of channels) for (let i = 0; i < crowd / 20; i++) void ch.receive()
    const counters = channels.map((ch) => countLinkSteps(internals(ch).receivers))
    expect(own.trySend(1)).toBe(true)
    expect(await selecting).toMatchObject({ case: 3 })
    for (const { steps } of counters) expect(steps).toBeLessThan(20)
    for (const ch of channels) ch.close()
  })

  test('a buffer of a million values is filled and emptied without moving them', () => {
    const ch = chan<number>(1_000_000)
    for (let i = 0; i < 1_000_000; i++) ch.trySend(i)
    for (let i = 0; i < 1_000_000; i++) if (ch.tryReceive()!.value !== i) expect.unreachable()
    expect(ch.length).toBe(0)
  })

  test('a ring keeps the order through every wrap and growth, and lets go of what was taken', () => {
    const ring = new Ring<number>()
    let [pushed, shifted] = [0, 0]
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < (round * 7) % 31; i++) ring.push(pushed++)
      for (let i = 0; i < (round * 5) % 23 && ring.length > 0; i++) expect(ring.shift()).toBe(shifted++)
      expect(ring.length).toBe(pushed - shifted)
    }
    expect(ring.shiftMany(ring.length)).toEqual(Array.from({ length: pushed - shifted }, (_, i) => shifted + i))
  })
})

function* receiveUnder(ch: Chan<number>, signal?: AbortSignal): Body {
  yield* on(ch.receive(signal))
}

const million = 1_000_000

/** What may be retained for other reasons: code, feedback, pages half full. A leak would be ten times as much. */
const slackBytes = 8_000_000

interface Load {
  readonly rounds: number
  readonly queues: () => readonly WaitQueue[]
  /** Runs `count` rounds. */
  run(style: Style, count: number): Promise<unknown>
}

const loads: Record<string, () => Load> = {
  'selects on one channel where nothing comes'() {
    const [quiet, busy] = [chan<never>(), chan<number>()]
    return {
      rounds: million,
      queues: () => queuesOf(quiet, busy),
      run: (style, count) =>
        pair(
          style,
          count,
          () => on(busy.send(1)),
          () => on(select({ quiet, busy })),
        ),
    }
  },
  'receives under one context'() {
    const ctx = withCancel(background())
    const ch = chan<number>()
    return {
      rounds: million / 2,
      queues: () => [...queuesOf(ch), cancelSourceOf(ctx)!.waiters],
      run: (style, count) =>
        pair(
          style,
          count,
          () => on(ch.send(1)),
          () => on(ch.receive(ctx)),
        ),
    }
  },
  'selects under one signal'() {
    const { signal } = new AbortController()
    const ch = chan<number>()
    return {
      rounds: million / 2,
      queues: () => [...queuesOf(ch), cancelSourceOf(signal)!.waiters],
      run: (style, count) =>
        pair(
          style,
          count,
          () => on(select({ sent: sending(ch, 1) }, { ctx: signal })),
          () => on(ch.receive()),
        ),
    }
  },
  'selects on the done channel of one context'() {
    const ctx = withCancel(background())
    const ch = chan<number>()
    return {
      rounds: million,
      queues: () => [...queuesOf(ch, ctx.done), cancelSourceOf(ctx)!.waiters],
      run: (style, count) =>
        pair(
          style,
          count,
          () => on(ch.send(1)),
          () => on(select({ done: ctx.done, ch })),
        ),
    }
  },
}

function queuesOf(...channels: readonly unknown[]): WaitQueue[] {
  return channels.flatMap((ch) => [internals(ch).senders, internals(ch).receivers])
}

/** Two goroutines, of which one must wait for the other in every round. */
function pair(style: Style, count: number, one: () => Body<unknown>, other: () => Body<unknown>): Promise<unknown> {
  function* repeat(step: () => Body<unknown>): Body {
    for (let i = 0; i < count; i++) yield* step()
  }
  return Promise.all([style.go(() => repeat(one)).join(), style.go(() => repeat(other)).join()])
}

describe('8. nothing is retained after it ends', () => {
  for (const [name, make] of Object.entries(loads)) {
    for (const style of styles) {
      const load = make()
      const { rounds } = load
      test(`${rounds} ${name} grow nothing (${style.name})`, { timeout: 120_000 }, async () => {
        await load.run(style, rounds / 20)
        const before = heapAfterGc()
        await load.run(style, rounds)
        expect(heapAfterGc() - before).toBeLessThan(slackBytes)
        expect(load.queues().map((queue) => queue.isEmpty)).toEqual(load.queues().map(() => true))
      })
    }
  }

  test(`${crowd} goroutines that have ended leave nothing`, { timeout: 60_000 }, async () => {
    const run = async (count: number): Promise<void> => {
      const ch = chan<number>()
      for (let i = 0; i < count; i++) (i % 2 === 0 ? styles[0]! : styles[1]!).go(() => receiveUnder(ch))
      await idle()
      ch.close()
      await idle()
      expectNoWaiters(ch)
    }
    // The run queue keeps the size that it once needed.
    await run(crowd)
    const before = heapAfterGc()
    await run(crowd)
    expect(heapAfterGc() - before).toBeLessThan(slackBytes)
  })
})
