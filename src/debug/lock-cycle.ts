// The wait-for cycle at the moment it closes: the goroutine that parks waits for a lock whose holder waits, in the end,
// for a lock of its own. Single units, all waits for ever, nobody who could give way: a deadlock for certain.
import type { GoroutineRecord, Resource } from '../runtime/goroutine-record.ts'
import { isLockWait, WaitReason } from '../runtime/wait-reason.ts'
import type { Ask, HeldLocks, Hold } from './held-locks.ts'
import { isUnconfirmed } from './strand.ts'

/** A goroutine of a cycle: what it holds, for which the one before it waits, and what it waits for. */
export interface Link {
  readonly record: GoroutineRecord
  readonly held: Hold
  readonly asked: Ask
}

/** Writers that wait for a RWMutex and may give up: the readers behind them go then. */
export class ImpatientWriters {
  readonly #writers = new WeakMap<Resource, Set<GoroutineRecord>>()

  park(record: GoroutineRecord): void {
    const lock = record.waitsFor
    if (lock === null) return
    const writers = this.#writers.get(lock) ?? new Set()
    this.#writers.set(lock, writers.add(record))
  }

  areWaiting(lock: Resource): boolean {
    for (const record of this.#writers.get(lock) ?? []) {
      if (record.reason === WaitReason.rwMutexLock && record.waitsFor === lock) return true
      this.#writers.get(lock)!.delete(record)
    }
    return false
  }
}

/** The cycle through `start`, which has just parked, if every wait in it is one that cannot end. */
export function findCycle(
  start: GoroutineRecord,
  locks: HeldLocks,
  impatient: ImpatientWriters,
): readonly Link[] | undefined {
  const first = endlessWait(start, locks, impatient)
  if (first === undefined) return undefined
  // Depth first over holders; `from` is the way back.
  const from = new Map<GoroutineRecord, { readonly record: GoroutineRecord; readonly asked: Ask }>()
  const untried: { readonly record: GoroutineRecord; readonly asked: Ask }[] = [{ record: start, asked: first }]
  while (untried.length > 0) {
    const waiter = untried.pop()!
    for (const holder of waiter.asked.lock.holders) {
      const asked = holder === start ? first : endlessWait(holder, locks, impatient)
      if (asked === undefined || holdOf(holder, waiter.asked.lock, asked, locks) === undefined) continue
      if (holder === start) return linksOf(start, waiter, from, locks)
      if (from.has(holder)) continue
      from.set(holder, waiter)
      untried.push({ record: holder, asked })
    }
  }
  return undefined
}

/** Whether every part of it is still as it was. */
export function stillStands(cycle: readonly Link[], locks: HeldLocks): boolean {
  return cycle.every(
    ({ record, held, asked }) =>
      locks.asked(record) === asked &&
      record.waitsFor === asked.lock &&
      isLockWait(record.reason) &&
      locks.heldAt(record, asked.place).includes(held),
  )
}

/** Whether it holds only if nobody goes on beside a call of an async function that it has not awaited. */
export function mayGoOn(cycle: readonly Link[]): boolean {
  return cycle.some(({ asked }) => isUnconfirmed(asked.place))
}

/** What the goroutine has asked for, if it waits for nothing else and for ever. */
function endlessWait(record: GoroutineRecord, locks: HeldLocks, impatient: ImpatientWriters): Ask | undefined {
  const asked = locks.asked(record)
  if (asked === null || asked.isCancelable || asked.lock !== record.waitsFor || !isLockWait(record.reason))
    return undefined
  if (record.reason === WaitReason.rwMutexRLock && impatient.areWaiting(asked.lock)) return undefined
  return asked
}

function holdOf(record: GoroutineRecord, lock: Resource, asked: Ask, locks: HeldLocks): Hold | undefined {
  return locks.heldAt(record, asked.place).find((hold) => hold.lock === lock)
}

function linksOf(
  start: GoroutineRecord,
  last: { readonly record: GoroutineRecord; readonly asked: Ask },
  from: ReadonlyMap<GoroutineRecord, { readonly record: GoroutineRecord; readonly asked: Ask }>,
  locks: HeldLocks,
): Link[] {
  const waiters = [last]
  for (let waiter = last; waiter.record !== start; ) {
    waiter = from.get(waiter.record)!
    waiters.unshift(waiter)
  }
  return waiters.map(({ record, asked }, i) => {
    const before = waiters[(i + waiters.length - 1) % waiters.length]!
    return { record, asked, held: holdOf(record, before.asked.lock, asked, locks)! }
  })
}
