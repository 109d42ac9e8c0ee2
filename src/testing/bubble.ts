// Tests in which time is virtual.

import { background } from '../context/background.ts'
import { withCancel } from '../context/derive.ts'
import type { Context } from '../context/types.ts'
import { requireFunction } from '../errors/argument.ts'
import { PanicError } from '../errors/panic-error.ts'
import { SeededDecisions } from '../runtime/decisions.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { fail, isInterrupted, neverEnding, type Operation, park } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { enterTime } from './enter.ts'
import { FifoTurns } from './turn-queue.ts'
import { currentBubble, VirtualWorld } from './virtual-world.ts'

/** What the body of a bubble is given. */
export interface Bubble {
  /**
   * Waits until all other goroutines of the bubble are durably blocked: none can go on before time moves.
   *
   * *Blocking*: no time passes. *Ordering*: whatever the others did before they blocked happens before it returns.
   * @throws {PanicError} `ERR_INVALID_OPERATION` when another goroutine of the bubble waits so already, or the
   * caller is not in the bubble.
   */
  wait(): Operation<void>
  /** Milliseconds since the bubble began. The wall time (`Date`) begins at midnight UTC, 1 January 2000. */
  now(): number
  /** Ends when the body has returned: goroutines that end with it are no leak. */
  readonly ctx: Context
}

/** The same in every run: what is random in the program is not in its test. */
const seed = 1
const graceMs = 1000

/**
 * Makes a test body run in a bubble: `test('name', bubble(async (t) => { ... }))`.
 *
 * Inside, time is virtual: warren's (`sleep`, `after`, `Ticker`, deadlines of contexts) and JavaScript's (`Date`, `setTimeout`,
 * `setInterval`, `setImmediate`, `timers/promises`, `performance.now`, `process.hrtime`, `Temporal.Now`, `AbortSignal.timeout`).
 * It moves only when every goroutine of the bubble is durably blocked, and then at once to the next timer: an hour takes no
 * time, and is exact. Goroutines take turns in the order in which they could go on, and `Math.random` gives the same numbers
 * in every run. Goroutines, timers and helpers that the body starts belong to the bubble; bubbles that run at the same time
 * know nothing of each other, and code outside keeps its real time.
 *
 * A goroutine that waits for a promise of its own making counts as blocked. One that waits for real input or output (a
 * file, a socket, a child process, a worker) holds time up until it comes; so does each of these until it is closed or
 * `unref`ed, but not a server that listens, nor a connection both ends of which are in the bubble. Of a promise that comes
 * from elsewhere nothing is known: when there is nothing else to do, it has a second of real time. Functions that were taken
 * from the globals before the bubble (`const { setTimeout } = globalThis`) stay real, and hold time up like input.
 *
 * After Go's `testing/synctest`, with two differences: locks count as durable waits, and so do channels that were made outside
 * (in a `beforeEach`, say).
 * @returns a function that runs the body once each time it is called. It rejects with what the body throws, or a
 * goroutine that nobody joins; with {@link DeadlockError} and a dump when all goroutines of the bubble are blocked for good, or
 * some are left blocked when the body has returned (time then stands still), or others go on for ever beside a body that is
 * blocked (for four seconds of real time). A promise that is rejected, and that nobody has handled at the end, fails it too.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `fn` is no function; `ERR_INVALID_OPERATION`, as a rejection, inside another
 * bubble.
 * @example
 * const test = bubble(async (t) => {
 *   const start = Date.now()
 *   await sleep(3_600_000)
 *   console.log(Date.now() - start, t.now()) // 3600000 3600000
 * })
 * await test()
 */
export function bubble(fn: (t: Bubble) => GoroutineBody<unknown>): () => Promise<void> {
  requireFunction('fn', fn)
  return () =>
    enterTime('bubble', () => {
      const world = new VirtualWorld({
        decisions: new SeededDecisions(seed),
        turns: new FifoTurns(),
        recordsSites: true,
        preempts: false,
        overlaps: false,
        explores: false,
        graceMs,
        lingerMs: 0,
      })
      return runIn(world, fn)
    })
}

function misuse(message: string): Operation<never> {
  return fail(new PanicError('ERR_INVALID_OPERATION', { message }))
}

/** Runs `fn` as the main goroutine of `world`. */
export function runIn(world: VirtualWorld, fn: (t: Bubble) => GoroutineBody<unknown>): Promise<void> {
  let quiet: Waiter | null = null
  const ctx = withCancel(background())
  const t: Bubble = {
    wait() {
      if (isInterrupted()) return neverEnding(WaitReason.runnable)
      if (currentBubble() !== world) return misuse('wait called from outside its bubble')
      if (quiet !== null && !quiet.done) return misuse('wait already in progress')
      const waiter = new Waiter(WaitReason.bubbleWait, undefined, undefined)
      quiet = waiter
      world.onQuiet = () => {
        if (!waiter.done) scheduler.wake(waiter, undefined, false)
      }
      return park(waiter)
    },
    now: () => world.clock.now(),
    ctx,
  }
  const name = fn.name === '' ? 'main' : fn.name
  return world.run({ name, body: () => fn(t), ended: () => ctx.cancel() })
}
