// The clock of a bubble: it stands still until it is told to move on to its next timer. It starts at zero, and the wall
// time at midnight UTC, 1 January 2000, as in Go's testing/synctest.
import type { Clock } from '../runtime/clock.ts'
import { type TimerEntry, TimerHeap } from '../runtime/timer-heap.ts'
import { isUnrefed } from './host-timer-entry.ts'

const epoch = Date.UTC(2000, 0, 1)
/** Due times from here on stand for "never"; see dueIn. */
const farthest = Number.MAX_SAFE_INTEGER

export class VirtualClock implements Clock {
  #heap = new TimerHeap()
  #now = 0
  #hasEnded = false

  now(): number {
    return this.#now
  }

  wallTime(): number {
    return epoch + this.#now
  }

  start(entry: TimerEntry): void {
    if (!this.#hasEnded) this.#heap.add(entry)
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

  /** Moves on to the next timer; false when there is none that a program would go on for, or it is due after `latest`. */
  advance(latest: number): boolean {
    const next = this.#heap.first
    if (next === undefined || next.due >= farthest || next.due > latest) return false
    if (isUnrefed(next) && !this.#hasRef()) return false
    this.#now = Math.max(this.#now, next.due)
    return true
  }

  /** The first of the timers that are due. */
  firstDue(): TimerEntry | undefined {
    const first = this.#heap.first
    return first !== undefined && first.due <= this.#now ? first : undefined
  }

  /** All that are due, in the order in which they were started. */
  allDue(): TimerEntry[] {
    const due: TimerEntry[] = []
    this.#heap.forEach((entry) => {
      if (entry.due <= this.#now) due.push(entry)
    })
    return due.sort((a, b) => a.due - b.due || a.order - b.order)
  }

  fire(entry: TimerEntry): void {
    this.stop(entry)
    entry.fire()
  }

  #hasRef(): boolean {
    let hasRef = false
    this.#heap.forEach((entry) => {
      if (entry.due < farthest && !isUnrefed(entry)) hasRef = true
    })
    return hasRef
  }

  /** Forgets all timers, and takes no more. Those that are left may still be stopped by others. */
  end(): void {
    this.#hasEnded = true
    this.#heap.forEach((entry) => {
      entry.place = -1
    })
    this.#heap = new TimerHeap()
  }
}
