// A clock that stands still until a test moves it.

import { afterEach, beforeEach } from 'vitest'
import type { Clock } from '../../src/runtime/clock.ts'
import { scheduler } from '../../src/runtime/runtime.ts'
import { type TimerEntry, TimerHeap } from '../../src/runtime/timer-heap.ts'

/** When manual clocks begin: a whole number of milliseconds, and of nothing else. */
export const startTime = Date.UTC(2030, 0, 1, 12, 34, 56, 789)

export class ManualClock implements Clock {
  #now = 1_000
  readonly #heap = new TimerHeap()

  now(): number {
    return this.#now
  }

  wallTime(): number {
    return startTime - 1_000 + this.#now
  }

  start(entry: TimerEntry): void {
    this.#heap.add(entry)
  }

  stop(entry: TimerEntry): boolean {
    if (!entry.isStarted) return false
    this.#heap.remove(entry)
    return true
  }

  retain(entry: TimerEntry): void {
    entry.waits++
  }

  release(entry: TimerEntry): void {
    entry.waits--
  }

  abandonWaits(): void {}

  /** How many timers are started. */
  get pending(): number {
    return this.#heap.size
  }

  /** How many of them would keep the program alive. */
  get retained(): number {
    let count = 0
    this.#heap.forEach((entry) => {
      if (entry.waits > 0) count++
    })
    return count
  }

  /** Lets time pass without a timer noticing, as a busy thread does. */
  skip(ms: number): void {
    this.#now += ms
  }

  /** Fires what has become due. */
  fireDue(): void {
    for (let entry = this.#heap.first; entry !== undefined && entry.due <= this.#now; entry = this.#heap.first) {
      this.#heap.remove(entry)
      entry.fire()
    }
  }

  /** Lets time pass from one timer to the next; whatever a timer wakes runs until it is blocked again. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await quiet()
    for (let entry = this.#heap.first; entry !== undefined && entry.due <= end; entry = this.#heap.first) {
      this.#now = Math.max(this.#now, entry.due)
      this.#heap.remove(entry)
      entry.fire()
      await quiet()
    }
    this.#now = end
  }
}

async function quiet(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Gives each test of the file a manual clock of its own; call the result to get it. */
export function useManualClock(): () => ManualClock {
  const real = scheduler.clock
  let clock: ManualClock
  beforeEach(() => {
    clock = new ManualClock()
    setClock(clock)
  })
  afterEach(() => setClock(real))
  return () => clock
}

/** What is started from now on is started on `clock`. */
export function setClock(clock: Clock): void {
  ;(scheduler as { clock: Clock }).clock = clock
}
