// Pulses: signs of life on a channel that nobody has to read.
//
// Invariants
// * Sending one never waits. The channel holds at most the latest: a listener that comes late is told of now, not of long ago.
// * An interval's timer holds nothing of the worker: one that waits for ever is found as a leak, although it beats.
import { Channel } from '../chan/chan.ts'
import type { ReceiveChan } from '../chan/types.ts'
import type { Clock } from '../runtime/clock.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'

/** A sign of life. */
export interface Pulse {
  readonly at: Date
  /** Its number, from 1: a gap says that the listener was late for some. */
  readonly n: number
}

/** Where pulses are made. */
export class PulseSource {
  readonly #channel: Channel<Pulse>
  readonly #clock: Clock = scheduler.clock
  #n = 0

  constructor(observer: QueueObserver | null = null) {
    this.#channel = new Channel<Pulse>(1, 'drop-oldest', observer)
  }

  get channel(): ReceiveChan<Pulse> {
    return this.#channel
  }

  send(): void {
    if (!this.#channel.closed) this.#channel.put({ at: new Date(this.#clock.wallTime()), n: ++this.#n })
  }

  close(): void {
    if (!this.#channel.closed) this.#channel.close()
  }
}

/** Something whose end can be seen. */
export interface Ending {
  readonly done: boolean
}

/**
 * Sends a pulse every interval for as long as a worker shows life: in each one that ends, it has said so or has waited for what
 * it may wait for.
 */
export class IntervalPulses extends TimerEntry implements QueueObserver {
  readonly pulses: PulseSource = new PulseSource(this)
  readonly #clock: Clock = scheduler.clock
  readonly #intervalMs: number
  #showedLife = false
  #waitsFor: WeakRef<Ending> | null = null

  constructor(intervalMs: number) {
    super(fire)
    this.#intervalMs = intervalMs
    this.due = this.#clock.now() + intervalMs
    this.#clock.start(this)
  }

  noteLife(): void {
    this.#showedLife = true
  }

  /** The worker waits for that now. */
  noteWait(ending: Ending): void {
    this.#showedLife = true
    this.#waitsFor = ending.done ? null : new WeakRef(ending)
  }

  stop(): void {
    this.#clock.stop(this)
  }

  /** With somebody who listens, it keeps the program alive. */
  entered(): void {
    this.#clock.retain(this)
  }

  left(): void {
    this.#clock.release(this)
  }

  tick(): void {
    const isWaiting = this.#waitsFor?.deref()?.done === false
    if (!isWaiting) this.#waitsFor = null
    if (isWaiting || this.#showedLife) this.pulses.send()
    this.#showedLife = isWaiting
    const lateMs = Math.max(this.#clock.now() - this.due, 0)
    this.due += this.#intervalMs * (1 + Math.floor(lateMs / this.#intervalMs))
    this.#clock.start(this)
  }
}

function fire(this: IntervalPulses): void {
  this.tick()
}
