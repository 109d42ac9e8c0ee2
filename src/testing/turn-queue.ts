// The run queue of a bubble: who goes on next.
import { Ring } from '../runtime/ring.ts'
import type { Resumable } from '../runtime/waiter.ts'

export interface TurnQueue {
  readonly length: number
  /** `gaveWay`: it is queued because it let the others go first. */
  push(turn: Resumable, gaveWay: boolean): void
  /** Takes one; there is one. */
  take(): Resumable
  all(): Resumable[]
  clear(): void
}

/** First come, first served. */
export class FifoTurns implements TurnQueue {
  #ring = new Ring<Resumable>()

  get length(): number {
    return this.#ring.length
  }

  push(turn: Resumable): void {
    this.#ring.push(turn)
  }

  take(): Resumable {
    return this.#ring.shift()
  }

  all(): Resumable[] {
    return [...this.#ring]
  }

  clear(): void {
    this.#ring = new Ring()
  }
}
