// When a bubble takes its next step: after the microtasks that the last one led to; once in a while after a turn of the
// event loop; or some time later, to look again.
//
// Invariant: one step is scheduled at most, the one to look again aside.
import type { HostTimer } from '../runtime/host.ts'
import { scheduler } from '../runtime/runtime.ts'
import { stepOutside } from './outside.ts'

/** How often the event loop gets its turn. */
const sliceMs = 8
const sliceTurns = 64
/** How soon to look again at what says nothing when it is over, in real milliseconds. */
const relookMs = 2

export class Pace {
  readonly #step: () => void
  #isScheduled = false
  #isOver = false
  #turns = 0
  #sliceStart = 0
  #relook: HostTimer | null = null

  constructor(step: () => void) {
    this.#step = step
  }

  /** Called from anywhere. */
  wakeUp(): void {
    if (!this.#isScheduled && !this.#isOver) stepOutside(this.afterMicrotasks)
  }

  /** These three are called from the step itself, outside every bubble. */
  readonly afterMicrotasks = (): void => {
    if (this.#isScheduled || this.#isOver) return
    this.#isScheduled = true
    scheduler.host.afterMicrotasks(this.#takeStep)
  }

  afterMacrotask(): void {
    if (this.#isScheduled || this.#isOver) return
    this.#isScheduled = true
    scheduler.host.macrotask(this.#takeStep)
  }

  lookAgainSoon(): void {
    this.#relook ??= scheduler.host.startTimer(() => {
      this.#relook = null
      this.afterMicrotasks()
    }, relookMs)
  }

  /** After the microtasks, but never for so long that timers and I/O starve. */
  afterTurn(): void {
    if (++this.#turns % sliceTurns === 0 && this.#isSliceOver()) this.afterMacrotask()
    else this.afterMicrotasks()
  }

  /** No step is taken any more. */
  end(): void {
    this.#isOver = true
    this.#relook?.cancel()
  }

  readonly #takeStep = (): void => {
    this.#isScheduled = false
    if (!this.#isOver) this.#step()
  }

  #isSliceOver(): boolean {
    const now = scheduler.host.now()
    if (now - this.#sliceStart < sliceMs) return false
    this.#sliceStart = now
    return true
  }
}
