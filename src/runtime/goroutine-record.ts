// What is known about a goroutine, for dumps and detectors. Inert on purpose: numbers, strings and other records, and
// never the generator, a promise, a waiter, a channel or a closure. The table of live goroutines holds records only, so
// that a goroutine nobody can resume is garbage, and V8's collector proves the leak.
import { WaitReason } from './wait-reason.ts'
import type { World } from './world.ts'

export type GoroutineKind = 'main' | 'generator' | 'async'

/** Something that goroutines own and wait for, for the wait-for graph. As inert as the records that it names. */
export interface Resource {
  readonly kind: string
  readonly id: number
  readonly holders: Set<GoroutineRecord>
}

/** One goroutine as `goroutines()` lists it and a dump prints it. */
export class GoroutineRecord {
  readonly id: number
  readonly parentId: number
  name = ''
  kind: GoroutineKind = 'generator'
  reason: WaitReason = WaitReason.runnable
  /** When it was parked, on the runtime's clock, in milliseconds; to the nearest turn of the scheduler. */
  since = 0
  createdAt: string | undefined = undefined
  blockedAt: string | undefined = undefined
  waitsFor: Resource | null = null
  /** The bubble it lives in; null for a goroutine of the program. */
  world: World | null = null
  before: GoroutineRecord | null = null
  after: GoroutineRecord | null = null

  constructor(id: number, parentId: number) {
    this.id = id
    this.parentId = parentId
  }
}

/** The live goroutines, oldest first: an intrusive list, so that a spawn costs no map entry. */
export class GoroutineTable implements Iterable<GoroutineRecord> {
  size = 0
  #first: GoroutineRecord | null = null
  #last: GoroutineRecord | null = null

  add(record: GoroutineRecord): void {
    this.size++
    record.before = this.#last
    if (this.#last === null) this.#first = record
    else this.#last.after = record
    this.#last = record
  }

  remove(record: GoroutineRecord): void {
    this.size--
    const { before, after } = record
    if (before === null) this.#first = after
    else before.after = after
    if (after === null) this.#last = before
    else after.before = before
    record.before = null
    record.after = null
  }

  *[Symbol.iterator](): Iterator<GoroutineRecord> {
    for (let record = this.#first; record !== null; record = record.after) yield record
  }
}
