// The run queue of an exploration: which of those who could go on does, is a choice.
//
// Invariants
// * `#entries` are in the order in which they were queued.
// * Who gave way goes on only when all who were queued before have, as `gosched` promises. So a goroutine that spins with it
//   does not keep the others out for ever, which no fair scheduler does: Musuvathi and Qadeer, Fair Stateless Model Checking
//   (PLDI 2008). Who has had many turns in a row, whatever they did, counts as having given way.
// * Callbacks of the host's (timers, immediates) keep their order, as JavaScript promises.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { Resumable } from '../runtime/waiter.ts'
import type { ScheduleLog } from './schedule-log.ts'
import type { TurnQueue } from './turn-queue.ts'

interface Entry {
  readonly turn: Resumable
  readonly gaveWay: boolean
}

/** How many turns in a row a goroutine has while others wait. */
const maxInARow = 50

export class ExploredTurns implements TurnQueue {
  readonly #log: ScheduleLog
  #entries: Entry[] = []
  #last: GoroutineRecord | null = null
  #inARow = 0
  /** From now on everybody has his turn in order, and nothing is a choice. */
  isFair = false

  constructor(log: ScheduleLog) {
    this.#log = log
  }

  get length(): number {
    return this.#entries.length
  }

  push(turn: Resumable, gaveWay: boolean): void {
    const isTired = turn.record === this.#last && this.#inARow >= maxInARow
    this.#entries.push({ turn, gaveWay: gaveWay || isTired })
  }

  take(): Resumable {
    const index = this.#choose()
    const { turn } = this.#entries[index]!
    this.#entries.splice(index, 1)
    this.#inARow = turn.record === this.#last && this.#entries.length > 0 ? this.#inARow + 1 : 0
    this.#last = turn.record
    return turn
  }

  all(): Resumable[] {
    return this.#entries.map(({ turn }) => turn)
  }

  clear(): void {
    this.#entries = []
  }

  /** Whether all who could go on have let others go first. */
  get allGaveWay(): boolean {
    return this.#entries.every(({ gaveWay }) => gaveWay)
  }

  #choose(): number {
    if (this.#entries.length === 1 || this.isFair) return 0
    const eligible = this.#eligible()
    if (eligible.length === 1) return eligible[0]!
    const turns = eligible.map((index) => this.#entries[index]!.turn)
    const canGoOn = turns[0]!.record === this.#last && !this.#entries[eligible[0]!]!.gaveWay
    return eligible[this.#log.chooseTurn(turns, canGoOn)]!
  }

  /** The default first: who ran last, where it can go on without having given way. */
  #eligible(): number[] {
    const eligible: number[] = []
    let hasHostTask = false
    this.#entries.forEach(({ turn, gaveWay }, index) => {
      if (gaveWay && index > 0) return
      if ('isHostTask' in turn) {
        if (hasHostTask) return
        hasHostTask = true
      }
      if (turn.record === this.#last && !gaveWay && eligible[0] !== undefined && !this.#isLast(eligible[0]))
        eligible.unshift(index)
      else eligible.push(index)
    })
    return eligible
  }

  #isLast(index: number): boolean {
    return this.#entries[index]!.turn.record === this.#last
  }
}
