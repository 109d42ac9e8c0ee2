// What a bubble's world is made with.
import type { Decisions } from '../runtime/decisions.ts'
import type { GoroutineBody } from '../runtime/goroutine.ts'
import type { TurnQueue } from './turn-queue.ts'

export interface WorldOptions {
  readonly decisions: Decisions
  readonly turns: TurnQueue
  readonly recordsSites: boolean
  /** Whether operations that settle at once give way in generator goroutines too. */
  readonly preempts: boolean
  /**
   * Whether turns of awaiting goroutines may overlap, as in production: a decision each time an operation settles, a wait is
   * over, or a turn has begun.
   */
  readonly overlaps: boolean
  /** Whether the order of timers that are due together is a decision. */
  readonly explores: boolean
  /** How long to wait, in real time, for a promise from outside before the bubble counts as deadlocked, in milliseconds. */
  readonly graceMs: number
  /** How long time goes on for the others when the main goroutine has ended, in virtual milliseconds. */
  readonly lingerMs: number
  /** Called before each turn; an error ends the bubble. */
  readonly onTurn?: () => Error | undefined
}

export interface MainGoroutine {
  readonly name: string
  readonly body: () => GoroutineBody<unknown>
  /** Called when it has returned, before the others are waited for. */
  readonly ended: () => void
}
