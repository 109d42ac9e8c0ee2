// What the real clock needs of a host, with a time that a test moves.
import type { HostTimer } from '../../src/runtime/host.ts'

export class FakeHost {
  time = 0
  readonly timers: FakeTimer[] = []
  readonly #macrotasks: (() => void)[] = []

  now(): number {
    return this.time
  }

  startTimer(fn: () => void, delayMs: number): HostTimer {
    const timer = new FakeTimer(fn, this.time + delayMs, this.timers)
    this.timers.push(timer)
    return timer
  }

  macrotask(fn: () => void): void {
    this.#macrotasks.push(fn)
  }

  get isAlive(): boolean {
    return this.#macrotasks.length > 0 || this.timers.some((timer) => timer.isAlive)
  }

  turn(): void {
    for (const fn of this.#macrotasks.splice(0)) fn()
  }

  /** Moves on to `time`, firing host timers on the way; each turn of the loop ends with the macrotasks. */
  moveTo(time: number): void {
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= time).sort((a, b) => a.due - b.due)[0]
      if (next === undefined) break
      this.time = Math.max(this.time, next.due)
      next.cancel()
      next.fn()
      this.turn()
    }
    this.time = time
  }
}

class FakeTimer implements HostTimer {
  isAlive = true
  readonly fn: () => void
  readonly due: number
  readonly #all: FakeTimer[]

  constructor(fn: () => void, due: number, all: FakeTimer[]) {
    this.fn = fn
    this.due = due
    this.#all = all
  }

  cancel(): void {
    const at = this.#all.indexOf(this)
    if (at >= 0) this.#all.splice(at, 1)
  }

  keepAlive(on: boolean): void {
    this.isAlive = on
  }
}
