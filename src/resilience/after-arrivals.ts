// A time limit that has passed says little when the thread was busy: what was to come in time may have come, and nobody has
// looked at it yet, since the event loop serves timers before input. So whoever acts on a time limit first lets the loop come
// round, and then looks again. In a bubble, where much happens at the same instant, it lets the others go first a few times.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { Resumable } from '../runtime/waiter.ts'
import type { World } from '../runtime/world.ts'

const rounds = 3

/** Calls `fn` when what has arrived by now has been dealt with; `record` is of the goroutine on whose behalf. */
export function afterArrivals(record: GoroutineRecord | undefined, fn: () => void): void {
  const world = record?.world ?? null
  if (world === null) scheduler.host.macrotask(fn)
  else world.ready(new LastInLine(world, record!, fn), true)
}

class LastInLine implements Resumable {
  readonly record: GoroutineRecord
  readonly #world: World
  readonly #fn: () => void
  #rounds = rounds

  constructor(world: World, record: GoroutineRecord, fn: () => void) {
    this.record = record
    this.#world = world
    this.#fn = fn
  }

  resume(): void {
    if (--this.#rounds > 0 && this.#world.queued().length > 0) this.#world.ready(this, true)
    else this.#fn()
  }
}
