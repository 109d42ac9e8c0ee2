// Which locks each goroutine holds, and which one it asks for, with the places in its code.
//
// Invariants
// * The lock itself knows who holds it (sync/owners.ts), and is asked: a Hold whose lock says otherwise has ended.
// * A Hold or an Ask is there only where the goroutine itself waits (strand.ts). Once an async goroutine was seen to act
//   while it waits, there are several strands in it, and it is left out for good.
// * A lock that was once released by another goroutine than its holder is a signal, and left out for good.
// * Of a lock that is taken often, the place is looked at only now and then: a stack costs a hundred times what locking
//   does. A generator goroutine then has no site, and of an async one nothing is said, unless it waits.
import type { GoroutineRecord, Resource } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
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

/** What one goroutine does. */
class Locks {
  holds: Hold[] = []
  /** The last one that ended. */
  released: Hold | null = null
  asked: Ask | null = null
  /** How many waits of it have not ended. */
  waits = 0
  lastAskTurn = -1
  /** Whether it has waited on a Cond, and asked for nothing since. */
  isOnCond = false
  hasSeveralStrands = false
}

interface LockInfo {
  readonly key: number
  isSignal: boolean
  /** How often it was asked for or tried. */
  asked: number
}

const alwaysLookedAt = 64
const lookedAtEvery = 128

export class HeldLocks {
  readonly #locks = new WeakMap<GoroutineRecord, Locks>()
  readonly #infos = new WeakMap<Resource, LockInfo>()
  #lastKey = 0
  #turn = 0
  #isTurnOpen = false

  /** The caller, `record`, asks for a lock. */
  ask(record: GoroutineRecord, lock: Resource, isShared: boolean, isCancelable: boolean): void {
    const locks = this.#of(record)
    locks.asked = null
    locks.isOnCond = false
    if (scheduler.current === null) this.#lookForStrands(locks)
    const info = this.#infoOf(lock)
    const place = this.#placeOf(record, locks, info)
    if (place !== undefined) locks.asked = askAt(lock, info.key, isShared, place, isCancelable)
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

  #placeOf(record: GoroutineRecord, locks: Locks, info: LockInfo): Place | undefined {
    const isLookedAt = info.asked++ < alwaysLookedAt || info.asked % lookedAtEvery === 0
    const isAsync = scheduler.current === null
    if (isAsync && (locks.hasSeveralStrands || !(isLookedAt || locks.holds.length > 0))) return undefined
    return currentPlace(record, isLookedAt)
  }

  take(lock: Resource, isShared: boolean, record: GoroutineRecord): void {
    const locks = this.#of(record)
    const info = this.#infoOf(lock)
    const { asked } = locks
    const isAnswer = asked !== null && asked.lock === lock
    const isWhole = lock.kind === 'sync.Once'
    if (isAnswer) locks.asked = null
    const place = isAnswer ? asked.place : this.#placeTaken(lock, record, locks, info)
    if (place === undefined && !isWhole) return
    const unconfirmed = isAnswer && isUnconfirmed(asked.place) ? asked : undefined
    locks.holds.push({
      lock,
      key: info.key,
      isShared,
      site: place?.site,
      place: isWhole ? undefined : place,
      unconfirmed,
    })
  }

  /** Where a lock was taken without being asked for: by `tryLock`, or back by a Cond. */
  #placeTaken(lock: Resource, record: GoroutineRecord, locks: Locks, info: LockInfo): Place | undefined {
    if (scheduler.currentRecord() === record) return this.#placeOf(record, locks, info)
    return locks.released?.lock === lock ? locks.released.place : undefined
  }

  /** A hold of `holder` ends. Returns it, if it was a known one. */
  release(lock: Resource, holder: GoroutineRecord | undefined): Hold | undefined {
    const by = scheduler.currentRecord()
    if (by !== undefined && scheduler.current === null && this.#of(by).waits > 0) this.#of(by).hasSeveralStrands = true
    if (holder !== by) this.#infoOf(lock).isSignal = true
    if (holder === undefined) return undefined
    const locks = this.#of(holder)
    const index = locks.holds.findLastIndex((hold) => hold.lock === lock)
    locks.released = index < 0 ? null : locks.holds.splice(index, 1)[0]!
    return locks.released ?? undefined
  }

  park(record: GoroutineRecord, isCancelable: boolean): void {
    if (record.reason === WaitReason.runnable) return
    const locks = this.#of(record)
    if (locks.waits++ > 0) locks.hasSeveralStrands = true
    if (record.reason === WaitReason.condWait) locks.isOnCond = true
    const lock = record.waitsFor
    if (lock === null || locks.asked?.lock === lock) return
    const { released } = locks
    const { key } = this.#infoOf(lock)
    if (locks.isOnCond && released?.lock === lock && released.place !== undefined) {
      // A Cond takes its lock back, for ever and where it was taken.
      locks.asked = askAt(lock, key, released.isShared, released.place, false)
    } else if (scheduler.current === null && !locks.hasSeveralStrands && scheduler.currentRecord() === record) {
      const place = currentPlace(record, true)
      const isShared = record.reason === WaitReason.rwMutexRLock
      if (place !== undefined) locks.asked = askAt(lock, key, isShared, place, isCancelable)
    }
  }

  ready(record: GoroutineRecord): void {
    // It only gave way, or its operation had taken effect: that was no wait.
    if (record.reason === WaitReason.runnable) return
    const locks = this.#of(record)
    if (locks.waits > 0) locks.waits--
    if (locks.asked?.isCancelable === true) locks.asked = null
  }

  asked(record: GoroutineRecord): Ask | null {
    return this.#locks.get(record)?.asked ?? null
  }

  /** What the goroutine holds while it waits at `place`. */
  heldAt(record: GoroutineRecord, place: Place): readonly Hold[] {
    const locks = this.#of(record)
    if (locks.holds.length === 0 || (locks.hasSeveralStrands && place.calls !== null)) return []
    return locks.holds.filter((hold) => this.#counts(hold, record, place))
  }

  #counts({ lock, place: held }: Hold, record: GoroutineRecord, place: Place): boolean {
    if (this.isSignal(lock) || !lock.holders.has(record)) return false
    return held === undefined || isSameStrand(held, place)
  }

  isSignal(lock: Resource): boolean {
    return this.#infoOf(lock).isSignal
  }

  #of(record: GoroutineRecord): Locks {
    let locks = this.#locks.get(record)
    if (locks === undefined) {
      locks = new Locks()
      this.#locks.set(record, locks)
    }
    return locks
  }

  #infoOf(lock: Resource): LockInfo {
    let info = this.#infos.get(lock)
    if (info === undefined) {
      info = { key: ++this.#lastKey, isSignal: false, asked: 0 }
      this.#infos.set(lock, info)
    }
    return info
  }
}

function askAt(lock: Resource, key: number, isShared: boolean, place: Place, isCancelable: boolean): Ask {
  return { lock, key, isShared, site: place.site, place, isCancelable, hasParked: false }
}
