// The channel of a timer or ticker, as in Go 1.23: it looks unbuffered, and holds no value. That a tick can be received
// is read off the clock when somebody looks; the clock has an entry only while somebody waits. So a timer that nobody
// waits on is just an object: it may be garbage, costs the clock nothing, and has no stale value after a stop or reset.
//
// Invariants
// * The entry is started exactly while the timer is active and its channel has receivers.
// * An active timer that is due, without receivers, is what others would call a buffered tick. With receivers the tick is
//   theirs, also while the clock has yet to fire it: who comes then queues behind them. (A tick taken from under a started
//   entry would come twice, and would move the due time of an entry that is in the clock's heap.)
import { Channel } from '../chan/chan.ts'
import { deliver } from '../chan/deliver.ts'
import type { Clock } from '../runtime/clock.ts'
import { scheduler } from '../runtime/runtime.ts'
import { TimerEntry } from '../runtime/timer-heap.ts'
import type { QueueObserver } from '../runtime/wait-queue.ts'
import { dueIn } from './duration.ts'

class TimerChan extends Channel<Date> {
  readonly #source: TickSource

  constructor(source: TickSource) {
    super(0, 'block', source)
    this.#source = source
  }

  override canReceive(): boolean {
    return this.receivers.isEmpty && this.#source.isDue()
  }

  override take(): Date {
    if (scheduler.hooks !== null) scheduler.hooks.operation('receive', this, scheduler.currentRecord())
    return this.#source.take()
  }

  override takeMany(): Date[] {
    return [this.take()]
  }
}

/** What makes the ticks of a channel: one, or one every interval. */
export class TickSource extends TimerEntry implements QueueObserver {
  readonly channel: TimerChan = new TimerChan(this)
  #clock: Clock = scheduler.clock
  #isActive = false
  /** Zero for a timer. */
  #intervalMs = 0

  constructor() {
    super(fireTick)
  }

  set(ms: number, intervalMs: number): void {
    this.#clock = scheduler.clock
    this.#isActive = true
    this.#intervalMs = intervalMs
    this.due = dueIn(this.#clock, ms)
    this.#startIfWaitedFor()
  }

  /** Says whether there was a tick to come. */
  stop(): boolean {
    const wasActive = this.#isActive
    this.#isActive = false
    this.#clock.stop(this)
    return wasActive
  }

  isDue(): boolean {
    return this.#isActive && this.#clock.now() >= this.due
  }

  /** The tick that is due; those that nobody received before it are dropped, and the phase is kept. */
  take(): Date {
    const lateMs = Math.max(this.#clock.now() - this.due, 0)
    // Rounded up since wall time is rounded down: no tick may seem to come too early.
    const tick = new Date(Math.ceil(this.#clock.wallTime() - lateMs))
    const interval = this.#intervalMs
    if (interval === 0) this.#isActive = false
    else this.due += interval * (1 + Math.floor(lateMs / interval))
    return tick
  }

  entered(): void {
    this.#clock.retain(this)
    if (this.channel.receivers.head === this.channel.receivers.tail) this.#startIfWaitedFor()
  }

  left(): void {
    this.#clock.release(this)
    if (this.channel.receivers.isEmpty) this.#clock.stop(this)
  }

  fired(): void {
    deliver(this.channel.receivers.head!, this.take())
    this.#startIfWaitedFor()
  }

  // A stage that waits takes the tick, and may wait for the next one, within `fired`: then it is started already.
  #startIfWaitedFor(): void {
    if (this.#isActive && !this.isStarted && !this.channel.receivers.isEmpty) this.#clock.start(this)
  }
}

function fireTick(this: TickSource): void {
  this.fired()
}
