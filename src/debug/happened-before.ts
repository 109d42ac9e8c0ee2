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
export interface Epoch {
  readonly seen: ReadonlyMap<number, number>
  readonly floor: number
}

/** An event of a goroutine, by its number among all. */
export interface Stamp {
  readonly goroutine: number
  readonly time: number
  readonly epoch: Epoch
}

const maxComponents = 64
const nothingKnown: Epoch = { seen: new Map(), floor: 0 }

export class HappenedBefore {
  readonly #epochs = new WeakMap<object, Epoch>()
  #time = 0

  /** Marks an event of a goroutine. */
  stamp(record: GoroutineRecord): Stamp {
    const time = ++this.#time
    const epoch = join(this.#epochOf(record), { seen: new Map([[record.id, time]]), floor: 0 })
    this.#epochs.set(record, epoch)
    return { goroutine: record.id, time, epoch }
  }

  /** All that `from` knows, `to` knows from now on: each a goroutine, or an object through which they meet. */
  tell(from: object | null | undefined, to: object | null | undefined): void {
    if (from == null || to == null || from === to) return
    const known = this.#epochs.get(from)
    if (known !== undefined) this.#epochs.set(to, join(this.#epochOf(to), known))
  }

  #epochOf(key: object): Epoch {
    return this.#epochs.get(key) ?? nothingKnown
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
  if (a === b || (b.floor <= a.floor && [...b.seen].every(([id, time]) => time <= (a.seen.get(id) ?? a.floor))))
    return a
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
