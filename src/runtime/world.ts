// A world: goroutines that share time, a run queue and a table, apart from the rest of the program. Bubbles of
// `warren/testing` are worlds; the program outside them is none. A goroutine belongs to the world of the one that
// started it, and what it calls is answered by that world.
//
// Records point at their world, so it is as inert as they are: it holds goroutines only in its run queue and its clock.
import type { Clock } from './clock.ts'
import type { Decisions } from './decisions.ts'
import type { GoroutineRecord, GoroutineTable } from './goroutine-record.ts'
import type { LiveGoroutines } from './live-goroutines.ts'
import type { MainState } from './program-end.ts'
import type { Resumable } from './waiter.ts'

export interface World {
  readonly clock: Clock
  readonly decisions: Decisions
  readonly table: GoroutineTable
  readonly main: MainState
  readonly recordsSites: boolean
  live: LiveGoroutines | null
  /** How many of its running goroutines are to be killed at their next operation. */
  killsPending: number
  nextId(): number
  /** The number of the next lock that is named in a text: in a world they do not depend on what was before. */
  nextLockId(): number
  /** Queues a turn of one of its goroutines; `gaveWay`: it only lets the others go first. */
  ready(turn: Resumable, gaveWay?: boolean): void
  queued(): Resumable[]
  /** Whether an operation that settled at once lets others go first. */
  givesWay(isGenerator: boolean): boolean
  /** One of its goroutines has ended: with an error, or a result. */
  ended(record: GoroutineRecord, failed: boolean, value: unknown): void
  /** An error that ended a goroutine, and that nobody has joined for yet. */
  panic(error: unknown, isJoined: () => boolean): void
}
