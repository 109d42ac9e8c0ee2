// Which locks each goroutine holds, and which one it asks for, with the places in its code.
//
// Invariants
// * The lock itself knows who holds it (sync/owners.ts), and is asked: a Hold whose lock says otherwise has ended.
// * A Hold or an Ask is there only where the goroutine itself waits (strand.ts). Once a goroutine was seen to act while
//   it waits, there are several strands in it, and it is left out for good.
// * A lock that was once released by another goroutine than its holder is a signal, and left out for good.
import type { GoroutineRecord, Resource } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import type { LockUse } from './lock-order.ts'
import { currentPlace, isSameStrand, isUnconfirmed, type Place } from './strand.ts'

export interface Hold extends LockUse {
  /** Undefined where all of the goroutine holds it: that of a Once does. */
  readonly place: Place | undefined
  /** How it was asked for, if that has yet to show that somebody awaits it. */
  readonly unconfirmed: Ask | undefined
}

export interface Ask extends LockUse {
  readonly place: Place
  readonly isCancelable: boolean
  hasParked: boolean
}

class Locks {
  holds: Hold[] = []
  /** The last one that ended. */
  released: Hold | null = null
  asked: Ask | null = null
  /** How many waits of it have not ended. */
  waits = 0
  lastAskTurn = -1
  hasSeveralStrands = false
}

export class HeldLocks {
  readonly #locks = new WeakMap<GoroutineRecord, Locks>()
  readonly #signals = new WeakSet<Resource>()
  #turn = 0
  #isTurnOpen = false

  /** The caller asks for a lock. Undefined where nothing can be said. */
  ask(lock: Resource, isShared: boolean, isCancelable: boolean): Ask | undefined {
    const record = scheduler.currentRecord()
    if (record === undefined) return undefined
    const locks = this.#of(record)
    locks.asked = null
    if (scheduler.current === null) this.#lookForStrands(locks)
    const place = locks.hasSeveralStrands && scheduler.current === null ? undefined : currentPlace(record)
    if (place === undefined) return undefined
    locks.asked = { lock, isShared, site: place.site, place, isCancelable, hasParked: false }
    return locks.asked
  }

  /** Two requests between which nothing was awaited, or one beside a wait. */
  #lookForStrands(locks: Locks): void {
    const turn = this.#currentTurn()
    if (locks.lastAskTurn === turn || locks.waits > 0) locks.hasSeveralStrands = true
    locks.lastAskTurn = turn
  }

  /** Changes before anything that is awaited from now on goes on. */
  #currentTurn(): number {
    if (!this.#isTurnOpen) {
      this.#isTurnOpen = true
      this.#turn++
      void Promise.resolve().then(() => {
        this.#isTurnOpen = false
      })
    }
    return this.#turn
  }

  take(lock: Resource, isShared: boolean, record: GoroutineRecord): void {
    const locks = this.#of(record)
    const { asked } = locks
    const isAnswer = asked !== null && asked.lock === lock
    // What a Cond released is taken back where it was taken.
    const last = locks.released?.lock === lock ? locks.released.place : undefined
    const place = isAnswer ? asked.place : scheduler.currentRecord() === record ? currentPlace(record) : last
    if (isAnswer) locks.asked = null
    const isWhole = lock.kind === 'sync.Once'
    if (place === undefined && !isWhole) return
    const unconfirmed = isAnswer && isUnconfirmed(asked.place) ? asked : undefined
    locks.holds.push({ lock, isShared, site: place?.site, place: isWhole ? undefined : place, unconfirmed })
  }

  /** A hold of `holder` ends. Returns it, if it was a known one. */
  release(lock: Resource, holder: GoroutineRecord | undefined): Hold | undefined {
    const by = scheduler.currentRecord()
    if (by !== undefined && scheduler.current === null && this.#of(by).waits > 0) this.#of(by).hasSeveralStrands = true
    if (holder !== by) this.#signals.add(lock)
    if (holder === undefined) return undefined
    const locks = this.#of(holder)
    const index = locks.holds.findLastIndex((hold) => hold.lock === lock)
    locks.released = index < 0 ? null : locks.holds.splice(index, 1)[0]!
    return locks.released ?? undefined
  }

  park(record: GoroutineRecord): void {
    const locks = this.#of(record)
    if (locks.waits++ > 0) locks.hasSeveralStrands = true
    const { released, asked } = locks
    if (released?.place === undefined || released.lock !== record.waitsFor || asked?.lock === released.lock) return
    // A Cond takes its lock back, for ever and where it was taken.
    const { lock, isShared, site, place } = released
    locks.asked = { lock, isShared, site, place, isCancelable: false, hasParked: true }
  }

  ready(record: GoroutineRecord): void {
    const locks = this.#of(record)
    if (locks.waits > 0) locks.waits--
    locks.asked = locks.asked?.isCancelable === true ? null : locks.asked
  }

  asked(record: GoroutineRecord): Ask | null {
    return this.#locks.get(record)?.asked ?? null
  }

  /** What the goroutine holds while it waits at `place`. */
  heldAt(record: GoroutineRecord, place: Place): Hold[] {
    const locks = this.#of(record)
    if (locks.hasSeveralStrands && place.calls !== null) return []
    return locks.holds.filter((hold) => this.#counts(hold, record, place))
  }

  #counts(hold: Hold, record: GoroutineRecord, place: Place): boolean {
    if (this.isSignal(hold.lock) || !this.isHeld(hold, record)) return false
    return hold.place === undefined || isSameStrand(hold.place, place)
  }

  isHeld({ lock }: Hold, record: GoroutineRecord): boolean {
    return lock.holders.has(record)
  }

  isSignal(lock: Resource): boolean {
    return this.#signals.has(lock)
  }

  hasSeveralStrands(record: GoroutineRecord): boolean {
    return this.#of(record).hasSeveralStrands
  }

  #of(record: GoroutineRecord): Locks {
    let locks = this.#locks.get(record)
    if (locks === undefined) {
      locks = new Locks()
      this.#locks.set(record, locks)
    }
    return locks
  }
}
