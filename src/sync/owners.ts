// Who holds a lock, for the wait-for graph: as inert as the records it names, so that a record may point at it.
//
// It never lies. Who is not known (an async goroutine without identity) is not listed, and when a hold ends that cannot
// be told from the others, nobody is listed any more until the lock is free.
import { type Cancel, cancelSourceOf } from '../runtime/cancel-source.ts'
import type { GoroutineRecord, Resource } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'

let lastId = 0

export class Owners implements Resource {
  readonly kind: string
  #id = 0
  /** The only holder of a lock, or one of its readers. */
  one: GoroutineRecord | null = null
  #others: Set<GoroutineRecord> | null = null

  constructor(kind: string) {
    this.kind = kind
  }

  /** Tells it from others of its kind; given when first somebody asks. */
  get id(): number {
    if (this.#id === 0) this.#id = scheduler.world()?.nextLockId() ?? ++lastId
    return this.#id
  }

  get holders(): Set<GoroutineRecord> {
    const first: readonly GoroutineRecord[] = this.one === null ? [] : [this.one]
    return new Set(this.#others === null ? first : [...first, ...this.#others])
  }

  add(record: GoroutineRecord | null): void {
    if (record === null) return
    if (this.one === null) {
      this.one = record
    } else {
      this.#others ??= new Set()
      this.#others.add(record)
    }
  }

  /** One hold of `record` has ended. */
  remove(record: GoroutineRecord | null): void {
    if (record !== null && this.one === record) this.one = null
    else if (record === null || this.#others?.delete(record) !== true) this.clear()
  }

  clear(): void {
    this.one = null
    if (this.#others !== null) this.#others.clear()
  }
}

/** Tells who watches locks that the caller wants this one. */
export function noteAsk(owners: Owners, isShared: boolean, ctx: Cancel | undefined): void {
  if (scheduler.hooks?.locks === undefined) return
  scheduler.hooks.locks.ask(owners, isShared, ctx !== undefined && cancelSourceOf(ctx) !== null)
}

/** Tells who watches locks that `record` holds this one now. */
export function noteTake(owners: Owners, isShared: boolean, record: GoroutineRecord | null): void {
  if (scheduler.hooks?.locks !== undefined) scheduler.hooks.locks.take(owners, isShared, record ?? undefined)
}

/** Tells who watches locks that a hold of `holder` is about to end. */
export function noteRelease(owners: Owners, isShared: boolean, holder: GoroutineRecord | null): void {
  if (scheduler.hooks?.locks !== undefined) scheduler.hooks.locks.release(owners, isShared, holder ?? undefined)
}
