// Which generator goroutines are alive, for the end of `run`, which kills them: known while a main goroutine runs, and only
// then (`scheduler.live`).
//
// Invariants
// * None is held strongly longer than until the next macrotask, or being noted here would hide a leak.
// * Most goroutines end soon: only those that are still alive at that macrotask cost a WeakRef (70 ns).
import type { Host } from './host.ts'

/** A goroutine, as far as this file knows. */
export interface Killable {
  readonly hasEnded: boolean
  killUnsafe(reason: unknown): void
  join(): PromiseLike<unknown>
}

/** Ended goroutines are dropped from a list each time it has doubled, from this length on. */
const leastSweep = 256

export class LiveGoroutines {
  readonly #host: Host
  #young: Killable[] = []
  #sweepYoungAt = leastSweep
  #old: WeakRef<Killable>[] = []
  #sweepOldAt = leastSweep
  readonly #age = (): void => this.#ageYoung()

  constructor(host: Host) {
    this.#host = host
  }

  /** How many it remembers, ended ones that it has not noticed included. */
  get size(): number {
    return this.#young.length + this.#old.length
  }

  /** Notes a goroutine that has parked for the first time. */
  add(goroutine: Killable): void {
    if (this.#young.length === 0) this.#host.macrotask(this.#age)
    if (this.#young.length >= this.#sweepYoungAt) {
      this.#young = this.#young.filter(isAlive)
      this.#sweepYoungAt = Math.max(leastSweep, this.#young.length * 2)
    }
    this.#young.push(goroutine)
  }

  /** All that are alive, as far as anybody could still tell. */
  all(): Killable[] {
    return [...this.#old.flatMap((reference) => reference.deref() ?? []), ...this.#young].filter(isAlive)
  }

  #ageYoung(): void {
    for (const goroutine of this.#young) {
      if (!goroutine.hasEnded) this.#old.push(new WeakRef(goroutine))
    }
    this.#young = []
    this.#sweepYoungAt = leastSweep
    if (this.#old.length < this.#sweepOldAt) return
    this.#old = this.#old.filter((reference) => reference.deref()?.hasEnded === false)
    this.#sweepOldAt = Math.max(leastSweep, this.#old.length * 2)
  }
}

function isAlive(goroutine: Killable): boolean {
  return !goroutine.hasEnded
}
