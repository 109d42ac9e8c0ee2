// A lock with many readers or one writer: Go's RWMutex. A waiting writer keeps new readers out, so that it is not
// starved; when a writer unlocks, all readers that wait go before the next writer, so that they are not starved either.
//
// Invariants
// * Either `#writer`, the number of a writer's hold, or `#readers` is 0. Nobody waits while the lock is free.
// * Readers wait only while a writer holds the lock or waits for it. A writer that gives up waiting may be the last one:
//   the queue's observer then lets the readers go.
// * Writers hand over to readers, and readers to a writer, in the step that unlocks.
// * Holds of readers are counted, not told apart. All guards of an older `#epoch` have been released: it ends when no
//   reader is left, except those that a Cond is to bring back.
import { PanicError } from '../errors/panic-error.ts'
import type { Cancel } from '../runtime/cancel-source.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { isInterrupted, neverEnding, type Operation, settle } from '../runtime/operation.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitQueue } from '../runtime/wait-queue.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import { Waiter } from '../runtime/waiter.ts'
import { isEnding, parkWith, refused } from './cancel.ts'
import type { Guard, Locker } from './locker.ts'
import { noteAsk, noteRelease, noteTake, Owners } from './owners.ts'
import { markReacquiring, reacquire, reacquireOf, release } from './reacquire.ts'
import { ReadGuard, RLocker, WriteGuard, WriterWatch } from './rw-holds.ts'

/**
 * A lock that many readers, or one writer, hold at a time.
 *
 * *Ordering*: a writer that waits blocks new readers, and writers get the lock in the order in which they asked; after a
 * writer all readers that wait go. So a goroutine must not `rLock` again while it holds a read lock: a writer that asked in
 * between would block it, and it the writer. What happened before an unlock happens before the locks that it lets go.
 * @example
 * const rw = new RWMutex()
 * const cache = new Map<string, number>()
 * async function read(key: string): Promise<number | undefined> {
 *   using _ = await rw.rLock()
 *   return cache.get(key)
 * }
 * async function write(key: string, value: number): Promise<void> {
 *   using _ = await rw.lock()
 *   cache.set(key, value)
 * }
 * await write('a', 1)
 * console.log(await read('a')) // 1
 */
export class RWMutex implements Locker {
  #writer = 0
  #lastWriter = 0
  #readers = 0
  /** Read holds that a Cond has given up and will take back. */
  #suspended = 0
  #epoch = 0
  readonly #waitingWriters = new WaitQueue(new WriterWatch(this))
  readonly #waitingReaders = new WaitQueue()
  readonly #owners = new Owners('sync.RWMutex')
  #rLocker: RLocker | null = null

  /**
   * Locks for writing, and returns the guard that unlocks.
   *
   * *Blocking*: until all readers and the writers who asked before are done; meanwhile no new reader gets in.
   * *Cancellation*: the lock is not taken, and readers who waited only for this writer go.
   * @throws {ContextError} when `ctx` ends first.
   */
  lock(ctx?: Cancel): Operation<Guard> {
    if (isInterrupted()) return neverEnding(WaitReason.rwMutexLock)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    if (scheduler.hooks !== null) noteAsk(this.#owners, false, ctx)
    if (this.#isFree()) {
      this.#startWrite(++this.#lastWriter, scheduler.currentRecord() ?? null)
      return settle(new WriteGuard(this, this.#writer))
    }
    const waiter = new Waiter(WaitReason.rwMutexLock, undefined, this.#owners)
    this.#waitingWriters.push(waiter)
    return parkWith(waiter, ctx)
  }

  /** Locks for writing if the lock is free, and says whether it did. It gives no guard: `unlock` it. */
  tryLock(): boolean {
    if (!this.#isFree()) return false
    this.#startWrite(++this.#lastWriter, scheduler.currentRecord() ?? null)
    return true
  }

  /**
   * Unlocks after writing: all readers that wait go, or else the next writer.
   * @throws {PanicError} `ERR_RW_UNLOCK_UNLOCKED` when it is not locked for writing.
   */
  unlock(): void {
    if (this.#writer === 0) throw new PanicError('ERR_RW_UNLOCK_UNLOCKED')
    if (scheduler.hooks !== null) {
      noteRelease(this.#owners, false, this.#owners.one)
      scheduler.hooks.operation('unlock', this, scheduler.currentRecord())
    }
    this.#owners.clear()
    if (!this.#waitingReaders.isEmpty || this.#waitingWriters.isEmpty) {
      this.#writer = 0
      this.#letReadersGo()
    } else {
      this.#letWriterGo(this.#waitingWriters.head!)
    }
  }

  /**
   * Locks for reading, and returns the guard that unlocks: dispose it, or call `rUnlock`, but not both.
   *
   * *Blocking*: while a writer holds the lock or waits for it. *Cancellation*: the lock is not taken.
   * @throws {ContextError} when `ctx` ends first.
   */
  rLock(ctx?: Cancel): Operation<Guard> {
    if (isInterrupted()) return neverEnding(WaitReason.rwMutexRLock)
    if (ctx !== undefined) {
      const failed = refused(ctx)
      if (failed !== null) return failed
    }
    if (scheduler.hooks !== null) noteAsk(this.#owners, true, ctx)
    if (this.#isOpenForReaders()) {
      const record = scheduler.currentRecord() ?? null
      this.#startRead(record)
      return settle(new ReadGuard(this, this.#epoch, record))
    }
    const waiter = new Waiter(WaitReason.rwMutexRLock, undefined, this.#owners)
    this.#waitingReaders.push(waiter)
    return parkWith(waiter, ctx)
  }

  /** Locks for reading if no writer holds the lock or waits for it, and says whether it did: `rUnlock` it. */
  tryRLock(): boolean {
    if (!this.#isOpenForReaders()) return false
    this.#startRead(scheduler.currentRecord() ?? null)
    return true
  }

  /**
   * Ends one hold of a reader; after the last one the next writer goes.
   * @throws {PanicError} `ERR_RW_RUNLOCK_UNLOCKED` when it is not locked for reading.
   */
  rUnlock(): void {
    if (this.#readers === 0) throw new PanicError('ERR_RW_RUNLOCK_UNLOCKED')
    const record = scheduler.currentRecord() ?? null
    if (scheduler.hooks !== null) noteRelease(this.#owners, true, record)
    this.#owners.remove(record)
    this.#endRead()
  }

  /** The readers' side as a {@link Locker}: its `lock` and `unlock` are `rLock` and `rUnlock`. */
  rLocker(): Locker {
    this.#rLocker ??= new RLocker(this)
    return this.#rLocker
  }

  #isFree(): boolean {
    return this.#writer === 0 && this.#readers === 0
  }

  #isOpenForReaders(): boolean {
    return this.#writer === 0 && this.#waitingWriters.isEmpty
  }

  #startWrite(hold: number, record: GoroutineRecord | null): void {
    this.#writer = hold
    this.#owners.one = record
    if (scheduler.hooks !== null) {
      noteTake(this.#owners, false, record)
      scheduler.hooks.operation('lock', this, record ?? undefined)
    }
  }

  #startRead(record: GoroutineRecord | null): void {
    this.#readers++
    this.#owners.add(record)
    if (scheduler.hooks !== null) {
      noteTake(this.#owners, true, record)
      scheduler.hooks.operation('lock', this, record ?? undefined)
    }
  }

  #endRead(): void {
    if (scheduler.hooks !== null) scheduler.hooks.operation('unlock', this, scheduler.currentRecord())
    if (--this.#readers > 0) return
    this.#owners.clear()
    if (this.#suspended === 0) this.#epoch++
    const next = this.#waitingWriters.head
    if (next !== null) this.#letWriterGo(next)
  }

  #letWriterGo(next: Waiter): void {
    const back = reacquireOf(next)
    const hold = back === null ? ++this.#lastWriter : back.hold
    this.#startWrite(hold, next.record)
    if (back === null) scheduler.wake(next, new WriteGuard(this, hold), false)
    else scheduler.wake(next, back.error, back.failed)
  }

  #letReadersGo(): void {
    const last = this.#waitingReaders.tail
    for (let next = this.#waitingReaders.head, after = next; next !== null; next = after) {
      after = next === last ? null : next.after
      if (!isEnding(next)) this.#letReaderGo(next)
    }
  }

  #letReaderGo(next: Waiter): void {
    const back = reacquireOf(next)
    if (back !== null) this.#suspended--
    this.#startRead(next.record)
    if (back === null) scheduler.wake(next, new ReadGuard(this, this.#epoch, next.record), false)
    else scheduler.wake(next, back.error, back.failed)
  }

  /** @internal Whether this very hold of a writer has not ended. */
  isHeldBy(hold: number): boolean {
    return this.#writer === hold
  }

  /** @internal A reader's guard is disposed. */
  endGuardedRead(epoch: number, record: GoroutineRecord | null): void {
    if (epoch !== this.#epoch || this.#readers === 0) return
    if (scheduler.hooks !== null) noteRelease(this.#owners, true, record)
    if (record !== null) this.#owners.remove(record)
    this.#endRead()
  }

  /** @internal One writer less waits. */
  writerLeft(): void {
    if (this.#writer === 0 && this.#waitingWriters.isEmpty) this.#letReadersGo()
  }

  /** @internal */
  [release](): number {
    const hold = this.#writer
    this.unlock()
    return hold
  }

  /** @internal */
  [reacquire](waiter: Waiter): void {
    if (this.#isFree()) {
      this.#letWriterGo(waiter)
      return
    }
    markReacquiring(waiter, WaitReason.rwMutexLock, this.#owners)
    this.#waitingWriters.push(waiter)
  }

  /** @internal */
  suspendRead(): void {
    if (this.#readers > 0) this.#suspended++
    this.rUnlock()
  }

  /** @internal */
  resumeRead(waiter: Waiter): void {
    if (this.#isOpenForReaders()) {
      this.#letReaderGo(waiter)
      return
    }
    markReacquiring(waiter, WaitReason.rwMutexRLock, this.#owners)
    this.#waitingReaders.push(waiter)
  }
}
