// What happened before what: of two goroutines that take locks in different orders, one may only have started when the
// other was done. Vector clocks (Fidge, Mattern), as far as they are needed: only goroutines that took one lock inside
// another have a component, and locks themselves order nothing, since which of two comes first there is chance.
//
// Invariants
// * An Epoch is never changed, only replaced: whoever keeps one has a snapshot.
// * `floor` stands for components that were dropped: everything up to it counts as known. So what is forgotten can
//   silence a warning, and never cause one.
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'

/** What one goroutine, or an object through which goroutines tell each other things, knows of others. */
interface Epoch {
  readonly seen: ReadonlyMap<number, number>
  readonly floor: number
}

/** An event of a goroutine, by its number among all. */
export interface Stamp {
  /** Tells the goroutine from all others. */
  readonly goroutine: number
  readonly time: number
  readonly epoch: Epoch
}

const maxComponents = 64
const nothingKnown: Epoch = { seen: new Map(), floor: 0 }

class Clock {
  /** The goroutine's component. Not its id: bubbles number theirs themselves. */
  readonly component: number
  epoch: Epoch = nothingKnown
  /** Changes when it is told something, or tells it. */
  version = 0

  constructor(component: number) {
    this.component = component
  }
}

export class HappenedBefore {
  readonly #clocks = new WeakMap<object, Clock>()
  #time = 0
  #lastComponent = 0

  /** Marks an event of a goroutine. */
  stamp(record: GoroutineRecord): Stamp {
    const time = ++this.#time
    const clock = this.#clockOf(record)
    clock.epoch = join(clock.epoch, { seen: new Map([[clock.component, time]]), floor: 0 })
    return { goroutine: clock.component, time, epoch: clock.epoch }
  }

  /** As long as this is the same, another event of the goroutine stands to all others as the one before. */
  versionOf(record: GoroutineRecord): number {
    return this.#clocks.get(record)?.version ?? 0
  }

  /** All that `from` knows, `to` knows from now on: each a goroutine, or an object through which they meet. */
  tell(from: object | null | undefined, to: object | null | undefined): void {
    if (from == null || to == null || from === to) return
    const told = this.#clocks.get(from)
    if (told === undefined) return
    const clock = this.#clockOf(to)
    clock.epoch = join(clock.epoch, told.epoch)
    told.version++
    clock.version++
  }

  #clockOf(key: object): Clock {
    let clock = this.#clocks.get(key)
    if (clock === undefined) {
      clock = new Clock(++this.#lastComponent)
      this.#clocks.set(key, clock)
    }
    return clock
  }
}

/** Whether neither event is known to have happened before the other. */
export function areConcurrent(a: Stamp, b: Stamp): boolean {
  return !isKnown(a, b.epoch) && !isKnown(b, a.epoch)
}

function isKnown({ goroutine, time }: Stamp, { seen, floor }: Epoch): boolean {
  return time <= floor || time <= (seen.get(goroutine) ?? 0)
}

function join(a: Epoch, b: Epoch): Epoch {
  if (a === b || includes(a, b)) return a
  const seen = new Map(a.seen)
  for (const [id, time] of b.seen) if (time > (seen.get(id) ?? 0)) seen.set(id, time)
  let floor = Math.max(a.floor, b.floor)
  if (seen.size > maxComponents) {
    const oldest = [...seen].sort(([, x], [, y]) => x - y).slice(0, seen.size - maxComponents)
    for (const [id, time] of oldest) {
      seen.delete(id)
      floor = Math.max(floor, time)
    }
  }
  return { seen, floor }
}

function includes(a: Epoch, b: Epoch): boolean {
  if (b.floor > a.floor) return false
  for (const [id, time] of b.seen) if (time > a.floor && time > (a.seen.get(id) ?? 0)) return false
  return true
}
