// All time comes from here. The real clock keeps one ordered heap of timers over one host timer, armed for the
// earliest: a million pending timers are a million heap entries and one `setTimeout`. A bubble puts a virtual one here.
import type { Host, HostTimer } from './host.ts'
import { type TimerEntry, TimerHeap } from './timer-heap.ts'

/** The longest delay that hosts take; longer ones are armed again. */
const maxDelayMs = 2 ** 31 - 1

export interface Clock {
  /** Milliseconds on a steady clock. */
  now(): number
  /** Milliseconds since the epoch. */
  wallTime(): number
  start(entry: TimerEntry): void
  stop(entry: TimerEntry): boolean
  /** One more (or less) wait depends on this entry: while there is one, it keeps the program alive. */
  retain(entry: TimerEntry): void
  release(entry: TimerEntry): void
  /**
   * The waits that there are now keep the program alive no longer, nor do those that they lead to when they are over;
   * others do.
   */
  abandonWaits(): void
}

export class RealClock implements Clock {
  readonly #host: Host
  readonly #heap = new TimerHeap()
  #hostTimer: HostTimer | null = null
  #armedFor = Number.POSITIVE_INFINITY
  /** How many started entries are waited for. */
  #retained = 0
  /** Whether what runs now was woken from an abandoned wait. */
  #isAbandoned = false

  constructor(host: Host) {
    this.#host = host
  }

  now(): number {
    return this.#host.now()
  }

  wallTime(): number {
    return Date.now()
  }

  start(entry: TimerEntry): void {
    if (entry.waits > 0 && !entry.isStarted) this.#count(1)
    this.#heap.add(entry)
    this.#arm()
  }

  stop(entry: TimerEntry): boolean {
    if (!entry.isStarted) return false
    this.#heap.remove(entry)
    if (entry.waits > 0) this.#count(-1)
    return true
  }

  retain(entry: TimerEntry): void {
    if (this.#isAbandoned) entry.abandonedWaits++
    else if (entry.waits++ === 0 && entry.isStarted) this.#count(1)
  }

  release(entry: TimerEntry): void {
    if (entry.abandonedWaits > 0) entry.abandonedWaits--
    else if (--entry.waits === 0 && entry.isStarted) this.#count(-1)
  }

  abandonWaits(): void {
    this.#heap.forEach((entry) => {
      entry.abandonedWaits += entry.waits
      entry.waits = 0
    })
    this.#count(-this.#retained)
  }

  #count(change: number): void {
    const before = this.#retained
    this.#retained += change
    if ((before === 0) !== (this.#retained === 0)) this.#hostTimer?.keepAlive(this.#retained > 0)
  }

  // The host timer may be armed too early (its entry was stopped): it fires, finds nothing due, and is armed again.
  #arm(): void {
    const first = this.#heap.first
    if (first === undefined || first.due >= this.#armedFor) return
    this.#hostTimer?.cancel()
    this.#armedFor = first.due
    const delay = Math.min(Math.max(Math.ceil(first.due - this.now()), 1), maxDelayMs)
    this.#hostTimer = this.#host.startTimer(this.#onTimer, delay)
    this.#hostTimer.keepAlive(this.#retained > 0)
  }

  readonly #onTimer = (): void => {
    this.#fireDue()
    const first = this.#heap.first
    if (first !== undefined && isOnlyAbandoned(first) && first.due <= this.now()) this.#fireAbandoned()
  }

  /** Fires what is due, up to the first that is not of the kind that runs now. */
  #fireDue(): void {
    this.#hostTimer?.cancel()
    this.#hostTimer = null
    this.#armedFor = Number.POSITIVE_INFINITY
    const now = this.now()
    for (let entry = this.#heap.first; entry !== undefined && entry.due <= now; entry = this.#heap.first) {
      if (isOnlyAbandoned(entry) !== this.#isAbandoned) break
      this.stop(entry)
      entry.fire()
    }
    this.#arm()
  }

  // An abandoned wait that is over may lead to the next one: a loop around a sleep or a ticker would go on for ever. What
  // it leads to is what runs in the microtasks after it: so it is fired in a macrotask in which nothing else is, and the
  // next one, queued right behind it, ends that.
  #fireAbandoned(): void {
    this.#host.macrotask(() => {
      this.#isAbandoned = true
      this.#fireDue()
    })
    this.#host.macrotask(() => {
      this.#isAbandoned = false
      this.#fireDue()
    })
  }
}

function isOnlyAbandoned(entry: TimerEntry): boolean {
  return entry.abandonedWaits > 0 && entry.waits === 0
}
