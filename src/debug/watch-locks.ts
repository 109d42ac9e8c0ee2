// Deadlocks among locks: those that have just happened, and those that may happen another time.
import { requireFunction } from '../errors/argument.ts'
import { startDebugging } from '../runtime/debugging.ts'
import type { Hooks, LockHooks } from '../runtime/events.ts'
import type { GoroutineRecord, Resource } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import { isLockWait, isParked, WaitReason } from '../runtime/wait-reason.ts'
import { HappenedBefore } from './happened-before.ts'
import { type Ask, HeldLocks, type Hold } from './held-locks.ts'
import { subscribe } from './hook-chain.ts'
import { findCycle, ImpatientWriters, type Link, mayGoOn, stillStands } from './lock-cycle.ts'
import { LockOrder, type LockUse, type Witness, witness } from './lock-order.ts'
import { type LockReport, printReport, reportCycle, reportOrder } from './lock-report.ts'
import { currentPlace, isUnconfirmed, isWithin } from './strand.ts'

const maxReported = 10_000
const maxSeen = 1000

function nameOf({ key, isShared }: LockUse): string {
  return isShared ? `r${key} ` : `w${key} `
}

/** Whether the end of such a wait tells of the goroutine that ended it: a timer's, and that of a turn, does not. */
function tellsOf(reason: WaitReason): boolean {
  return isParked(reason) && !isLockWait(reason) && reason !== WaitReason.sleep && reason !== WaitReason.io
}

class LockWatch implements Partial<Hooks>, LockHooks {
  readonly locks: LockHooks = this
  readonly #held = new HeldLocks()
  readonly #order = new LockOrder()
  readonly #before = new HappenedBefore()
  readonly #impatient = new ImpatientWriters()
  readonly #reported = new Set<string>()
  /** What each goroutine did, and the version of its clock then. */
  readonly #seen = new WeakMap<GoroutineRecord, Map<string, number>>()
  readonly #handler: (report: LockReport) => void

  readonly #inBubbles: boolean

  constructor(handler: (report: LockReport) => void, inBubbles: boolean) {
    this.#handler = handler
    this.#inBubbles = inBubbles
  }

  #isWatched(record: GoroutineRecord | undefined): record is GoroutineRecord {
    return record !== undefined && (this.#inBubbles || record.world === null)
  }

  go(record: GoroutineRecord, parent: GoroutineRecord | undefined): void {
    this.#before.tell(parent, record)
  }

  order(from: object | null | undefined, to: object | null | undefined): void {
    this.#before.tell(from, to)
  }

  ready(record: GoroutineRecord | undefined, by: GoroutineRecord | undefined): void {
    if (!this.#isWatched(record)) return
    this.#held.ready(record)
    if (!tellsOf(record.reason)) return
    this.#before.tell(by, record)
    // What a sender did before it waited happens before the receive, too.
    if (record.reason === WaitReason.chanSend || record.reason === WaitReason.select) this.#before.tell(record, by)
  }

  operation(kind: string, primitive: object, by: GoroutineRecord | undefined): void {
    if (kind === 'lock' || kind === 'unlock') return
    if (kind === 'receive') this.#before.tell(primitive, by)
    else this.#before.tell(by, primitive)
  }

  ask(lock: Resource, isShared: boolean, isCancelable: boolean): void {
    const record = scheduler.currentRecord()
    if (this.#isWatched(record)) this.#held.ask(record, lock, isShared, isCancelable)
  }

  take(lock: Resource, isShared: boolean, record: GoroutineRecord | undefined): void {
    if (!this.#isWatched(record)) return
    const asked = this.#held.asked(record)
    // Before it holds the lock. What waited has been looked at when it parked.
    if (asked !== null && asked.lock === lock && !asked.hasParked) this.#noteOrder(record, asked)
    this.#held.take(lock, isShared, record)
  }

  release(lock: Resource, _isShared: boolean, holder: GoroutineRecord | undefined): void {
    const hold = this.#held.release(lock, holder)
    if (holder === undefined || hold?.unconfirmed === undefined || holder !== scheduler.currentRecord()) return
    const { place } = hold.unconfirmed
    const now = currentPlace(holder, false)
    if (place.calls === null || !now?.calls || !isWithin(place.calls, now.calls)) return
    this.#noteOrder(holder, { ...hold.unconfirmed, place: { site: place.site, calls: { ...place.calls, running: 1 } } })
  }

  park(record: GoroutineRecord | undefined, reason: WaitReason, isCancelable: boolean): void {
    if (!this.#isWatched(record)) return
    this.#held.park(record, isCancelable)
    if (!isLockWait(reason)) return
    if (reason === WaitReason.rwMutexLock && isCancelable) this.#impatient.park(record)
    const asked = this.#held.asked(record)
    if (asked === null || asked.lock !== record.waitsFor) return
    asked.hasParked = true
    const cycle = findCycle(record, this.#held, this.#impatient)
    if (cycle === undefined) this.#noteOrder(record, asked)
    else if (cycle.every((link) => link.asked.place.calls === null)) this.#report(cycle, reportCycle(cycle, false))
    else scheduler.host.macrotask(() => this.#reportIfItStands(cycle, record, asked))
  }

  /** An async goroutine may go on beside what looks like its wait: it has had a turn to show that. */
  #reportIfItStands(cycle: readonly Link[], record: GoroutineRecord, asked: Ask): void {
    if (stillStands(cycle, this.#held)) this.#report(cycle, reportCycle(cycle, mayGoOn(cycle)))
    else this.#noteOrder(record, asked)
  }

  #noteOrder(record: GoroutineRecord, asked: Ask): void {
    if (asked.isCancelable || this.#held.isSignal(asked.lock) || isUnconfirmed(asked.place)) return
    const holds = this.#held.heldAt(record, asked.place)
    const isWriter = asked.lock.kind === 'sync.RWMutex' && !asked.isShared
    if (holds.length === 0 && !isWriter) return
    if (this.#isNothingNew(record, asked, holds)) return
    const stamp = this.#before.stamp(record)
    for (const held of holds) {
      if (held.lock === asked.lock && !(held.isShared && asked.isShared)) continue
      this.#reportOrder(this.#order.add(witness(record, held, asked, holds, stamp)))
    }
    if (isWriter) this.#reportOrder(this.#order.addWriter(witness(record, undefined, asked, holds, stamp)))
  }

  /** Whether the goroutine did the very same the last time, and has met nobody since. */
  #isNothingNew(record: GoroutineRecord, asked: Ask, holds: readonly Hold[]): boolean {
    let seen = this.#seen.get(record)
    if (seen === undefined) {
      seen = new Map()
      this.#seen.set(record, seen)
    }
    const version = this.#before.versionOf(record)
    let what = nameOf(asked)
    for (const hold of holds) what += nameOf(hold)
    if (seen.get(what) === version) return true
    if (seen.size >= maxSeen) seen.clear()
    seen.set(what, version)
    return false
  }

  #reportOrder(cycle: readonly Witness[] | undefined): void {
    if (cycle !== undefined) this.#report(cycle, reportOrder(cycle))
  }

  /** Once for the same locks. */
  #report(cycle: readonly { readonly asked: { readonly key: number } }[], report: LockReport): void {
    const key = cycle
      .map(({ asked }) => asked.key)
      .sort()
      .join()
    if (this.#reported.has(key)) return
    if (this.#reported.size >= maxReported) this.#reported.clear()
    this.#reported.add(key)
    try {
      this.#handler(report)
    } catch (error) {
      scheduler.host.macrotask(() => {
        throw error
      })
    }
  }
}

/**
 * Reports deadlocks among locks, until the result is disposed of: to `handler`, or else as text to standard error.
 *
 * `cycle`: goroutines wait for each other's locks, now and for ever; told at the moment the circle closes. `lock-order`: a
 * goroutine held A and asked for B, and another held B and asked for A; had they met, neither would have gone on. So the
 * danger is seen also in a run in which all went well. Each set of locks is reported once. Locks are `Mutex`, `RWMutex`,
 * `Once` and its functions.
 *
 * It says nothing where there may be no deadlock: one goroutine did both; one of them did it after the other, as far as
 * `go`, `join`, WaitGroups, Groups and channels tell; both held a third lock; a wait ends with a context; a lock is released by
 * another goroutine than the one that took it. `tryLock` waits for nothing, but what it took is held. Readers of a
 * RWMutex stop each other only when another goroutine asks to write. In an async goroutine a lock counts as held by the
 * function that took it, and by whatever that awaits.
 *
 * It turns on what `WARREN_DEBUG=1` turns on, from now on: goroutines that are started before are known less well. The
 * handler runs inside the operation that it is told of; it must be quick and must not wait. If it throws, its error is an
 * uncaught exception.
 * @throws {PanicError} `ERR_INVALID_ARG_TYPE` when `handler` is not a function.
 * @example
 * const reports: string[] = []
 * const watching = watchLocks(({ kind }) => reports.push(kind))
 * const [from, to] = [new Mutex(), new Mutex()]
 * const transfer = (a: Mutex, b: Mutex) =>
 *   go(function* () {
 *     using _a = yield* a.lock()
 *     using _b = yield* b.lock()
 *   })
 * const there = transfer(from, to)
 * await gosched() // they do not meet, this time
 * const back = transfer(to, from)
 * await Promise.all([there.join(), back.join()])
 * watching[Symbol.dispose]()
 * console.log(reports) // [ 'lock-order' ]
 */
export function watchLocks(handler: (report: LockReport) => void = printReport): Disposable {
  requireFunction('handler', handler)
  startDebugging(scheduler)
  return subscribe(new LockWatch(handler, true))
}

/** Prints what {@link watchLocks} finds, outside of bubbles: they look for deadlocks themselves, some of them on purpose. */
export function watchLocksOfProgram(): void {
  startDebugging(scheduler)
  subscribe(new LockWatch(printReport, false))
}
