// JavaScript's own timers inside a bubble: entries on its virtual clock, whose callbacks take turns among the goroutines.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Resumable } from '../runtime/waiter.ts'
import { HostTimerEntry } from './host-timer-entry.ts'
import { nodeModule } from './node.ts'
import { currentBubble, type VirtualWorld } from './virtual-world.ts'

type RunInContext = <A>(fn: (argument: A) => void, argument: A) => void

/** The longest delay that Node takes; it makes others 1. */
const maxDelayMs = 2 ** 31 - 1

const call = (fn: () => void): void => fn()

/** A callback of the host's in the run queue. Those of one bubble keep their order. */
export class HostTask implements Resumable {
  readonly isHostTask = true
  readonly record: GoroutineRecord
  readonly #fn: () => void
  readonly #context: RunInContext
  #isCancelled = false

  constructor(fn: () => void) {
    this.record = scheduler.currentRecord()!
    this.#fn = fn
    this.#context = nodeModule('async_hooks').AsyncLocalStorage.snapshot()
  }

  cancel(): void {
    this.#isCancelled = true
  }

  resume(): void {
    if (!this.#isCancelled) this.#context(call, this.#fn)
  }
}

/** Beyond the numbers of the host's own timers. */
let lastId = 2 ** 32
/** Timers whose number somebody has asked for: they may be cleared by it, in their bubble. */
const numbered = new WeakMap<VirtualWorld, Map<number, BubbleTimeout>>()

/** What `setTimeout` and `setInterval` return inside a bubble; as Node's, whose timers it stands for. */
export class BubbleTimeout {
  readonly #world: VirtualWorld
  readonly #delayMs: number
  readonly #isRepeated: boolean
  readonly #fn: () => void
  readonly #entry: HostTimerEntry
  readonly #task: HostTask
  readonly #id = ++lastId
  #isClosed = false

  constructor(world: VirtualWorld, fn: () => void, delay: unknown, isRepeated: boolean) {
    const delayMs = Math.trunc(Number(delay))
    this.#world = world
    this.#delayMs = delayMs >= 1 && delayMs <= maxDelayMs ? delayMs : 1
    this.#isRepeated = isRepeated
    this.#fn = fn.bind(this)
    this.#task = new HostTask(() => this.#run())
    this.#entry = new HostTimerEntry(() => world.ready(this.#task))
    this.#start()
  }

  #start(): void {
    this.#entry.due = this.#world.clock.now() + this.#delayMs
    this.#world.clock.start(this.#entry)
  }

  #run(): void {
    if (!this.#isRepeated) this.#forgetNumber()
    this.#fn()
    if (this.#isRepeated && !this.#isClosed && !this.#entry.isStarted) this.#start()
  }

  #forgetNumber(): void {
    numbered.get(this.#world)?.delete(this.#id)
  }

  close(): this {
    this.#isClosed = true
    this.#world.clock.stop(this.#entry)
    this.#task.cancel()
    this.#forgetNumber()
    return this
  }

  refresh(): this {
    if (this.#isClosed) return this
    this.#world.clock.stop(this.#entry)
    this.#start()
    return this
  }

  ref(): this {
    this.#entry.hasRef = true
    return this
  }

  unref(): this {
    this.#entry.hasRef = false
    return this
  }

  hasRef(): boolean {
    return this.#entry.hasRef
  }

  [Symbol.toPrimitive](): number {
    let ofWorld = numbered.get(this.#world)
    if (ofWorld === undefined) {
      ofWorld = new Map()
      numbered.set(this.#world, ofWorld)
    }
    ofWorld.set(this.#id, this)
    return this.#id
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The bubble's timer that `clearTimeout` was given, by itself or by its number. */
export function bubbleTimeoutOf(timer: unknown): BubbleTimeout | undefined {
  if (timer instanceof BubbleTimeout) return timer
  const world = typeof timer === 'number' || typeof timer === 'string' ? currentBubble() : null
  return world === null ? undefined : numbered.get(world)?.get(Number(timer))
}

/** What `setImmediate` returns inside a bubble. */
export class BubbleImmediate {
  readonly #task: HostTask

  constructor(world: VirtualWorld, fn: () => void) {
    this.#task = new HostTask(fn.bind(this))
    world.ready(this.#task)
  }

  close(): void {
    this.#task.cancel()
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
