// The reading end of a stage: it pulls from a channel, and when there is nothing it stays in the channel's queue with one
// waiter, whose wake-up is a call and not a goroutine.
//
// Invariants
// * `#hand` holds a value only between its arrival and the owner's next pull, which follows in the same step, unless the
//   owner runs the user's code: that happens in a turn of its own.
// * The waiter is queued only after a pull that gave `pending`.
import type { Channel } from '../chan/chan.ts'
import type { ReceiverTag } from '../chan/deliver.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import type { Meter } from './meter.ts'
import { ended, type Pulled, pending } from './pulled.ts'
import { sendersStep } from './senders-step.ts'
import { Stage } from './stage.ts'

/** How many inlets have left: whether one has, in the course of a pull. */
export const departures: { count: number } = { count: 0 }

/** Whoever reads through inlets. */
export interface InletOwner {
  /** The stage that reads, if it is one. */
  readonly stage?: Stage<unknown>
  /** Counts what comes in. */
  readonly meter?: Meter | null
  /** Hands a value on at once, if somebody waits for it and it goes on as it came; says whether it did. */
  offer?(value: unknown): boolean
  /** What a pull gave may have changed. Called in the middle of a sender's step. */
  inputReady(): void
}

export class Inlet<T> implements ReceiverTag {
  readonly input: Channel<T>
  readonly #stage: Stage<T> | null
  readonly #owner: InletOwner
  readonly #meter: Meter | null
  #waiter: Waiter | null = null
  #hand: T | typeof pending = pending
  #hasLeft = false
  /** It counts, or has left. */
  #isSlow: boolean

  constructor(input: Channel<T>, owner: InletOwner) {
    this.input = input
    this.#stage = input instanceof Stage ? input : null
    this.#owner = owner
    this.#meter = owner.meter ?? null
    this.#isSlow = this.#meter !== null
    if (this.#stage === null) return
    this.#stage.attach()
    owner.stage?.standOn(this.#stage)
  }

  pull(): Pulled<T> {
    if (this.#isSlow || this.#stage === null || this.#hand !== pending) return this.#pullSlowly()
    const value = this.#stage.pull()
    if (this.#hasLeft) return ended // the user's functions have ended its owner
    if (value === pending) this.arm()
    return value
  }

  #pullSlowly(): Pulled<T> {
    if (this.#hand !== pending) return this.#takeHand()
    if (this.#hasLeft) return ended
    const value = this.#stage === null ? this.#receive() : this.#stage.pull()
    if (this.#hasLeft) return ended
    if (value === pending) this.arm()
    else if (value !== ended) this.#meter?.arrived()
    return value
  }

  /** The stage to ask in its place, where it has nothing to add. */
  get direct(): Stage<T> | null {
    return this.#isSlow || this.#hand !== pending ? null : this.#stage
  }

  get hasLeft(): boolean {
    return this.#hasLeft
  }

  /** What comes after `ended`: why the input ended before its time, if it did. */
  get cause(): Stage<T>['cause'] {
    if (this.#stage !== null) return this.#stage.cause
    const { failure } = this.input
    return failure === null ? null : { error: failure.error, isQuiet: false }
  }

  /** Reads no more. A stage that nobody reads from ends. */
  leave(reason?: unknown): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    departures.count++
    this.#isSlow = true
    this.#hand = pending
    this.rest()
    if (this.#stage !== null) this.#stage.detach(reason)
  }

  /** Takes nothing until the next pull. */
  rest(): void {
    if (this.#waiter !== null && this.#waiter.queue !== null) this.#waiter.queue.remove(this.#waiter)
  }

  received(waiter: Waiter, value: unknown): void {
    waiter.queue!.remove(waiter)
    if (this.#meter !== null) this.#meter.arrived()
    if (this.#owner.offer?.(value)) return
    this.#hand = value as T
    this.#tellOwner()
  }

  ended(waiter: Waiter): void {
    waiter.queue!.remove(waiter)
    this.#tellOwner()
  }

  #tellOwner(): void {
    sendersStep.depth++
    try {
      this.#owner.inputReady()
    } finally {
      sendersStep.depth--
    }
  }

  #takeHand(): T {
    const value = this.#hand as T
    this.#hand = pending
    return value
  }

  #receive(): Pulled<T> {
    const input = this.input
    if (input.canReceive()) return input.take()
    return input.closed ? ended : pending
  }

  /** After a pull that gave `pending`: it is told when there is something. */
  arm(): void {
    this.#waiter ??= new Waiter(WaitReason.chanReceive, undefined, this)
    if (this.#waiter.queue !== null || this.#hasLeft) return
    this.input.receivers.push(this.#waiter)
  }
}
