// The run queue of an exploration: which of those who could go on does, is a choice.
//
// Invariants
// * `#turns` is in the order in which they were queued.
// * Who gave way goes on only when all who were queued before have: else a goroutine that spins with `gosched` could keep
//   the others out for ever, which no fair scheduler does. After Musuvathi and Qadeer: Fair Stateless Model Checking (PLDI
//   2008).
// * Callbacks of the host's (timers, immediates) keep their order, as JavaScript promises.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import type { Resumable } from '../runtime/waiter.ts'
import type { ScheduleLog } from './schedule-log.ts'
import type { TurnQueue } from './turn-queue.ts'

interface Entry {
  readonly turn: Resumable
  readonly gaveWay: boolean
  readonly since: number
}

export class ExploredTurns implements TurnQueue {
  readonly #log: ScheduleLog
  #entries: Entry[] = []
  #last: GoroutineRecord | null = null
  #taken = 0
  #longestWait = 0

  constructor(log: ScheduleLog) {
    this.#log = log
  }

  get length(): number {
    return this.#entries.length
  }

  push(turn: Resumable, gaveWay: boolean): void {
    this.#entries.push({ turn, gaveWay, since: this.#taken })
  }

  take(): Resumable {
    this.#taken++
    const index = this.#choose()
    const { turn, since } = this.#entries[index]!
    this.#longestWait = Math.max(this.#longestWait, this.#taken - since)
    this.#entries.splice(index, 1)
    this.#last = turn.record
    return turn
  }

  all(): Resumable[] {
    return this.#entries.map(({ turn }) => turn)
  }

  /** The longest that one who could go on has been passed over, in turns. */
  longestWait(): number {
    const first = this.#entries[0]
    return Math.max(this.#longestWait, first === undefined ? 0 : this.#taken - first.since)
  }

  #choose(): number {
    if (this.#entries.length === 1) return 0
    const eligible = this.#eligible()
    if (eligible.length === 1) return eligible[0]!
    return eligible[this.#log.chooseTurn(eligible.map((index) => this.#entries[index]!.turn))]!
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
