// The order in which goroutines take locks: a graph with an edge from A to B for whoever held A and asked for B. A cycle is
// a deadlock that may happen although it has not: Linux's lockdep, with the refinements of Goodlock (Havelund 2000; Bensalem
// and Havelund 2005), which keep quiet about cycles that can never close:
// * all edges must be of different goroutines, and none may have happened before another;
// * no two of them may have been made under the same third lock, the gate;
// * each lock must be held in a way that stops who asks for it. A reader stops a reader only by way of a writer that waits
//   between them: so there must be a third goroutine that writes, and that may come at this time.
//
// Invariants
// * Of locks only what says who owns them is kept, and of goroutines numbers and names: nothing that could be a leak.
// * There are at most `maxEdges` edges; the oldest lock's go first. An edge has at most `maxWitnesses`.
import type { GoroutineRecord, Resource } from '../runtime/goroutine-record.ts'
import { areConcurrent, type Stamp } from './happened-before.ts'

/** A lock in the hands of somebody, or asked for. */
export interface LockUse {
  readonly lock: Resource
  /** Tells the lock from all others. */
  readonly key: number
  readonly isShared: boolean
  readonly site: string | undefined
}

/** One time that a goroutine asked for a lock and held another; or, with nothing held, a writer's wish. */
export interface Witness {
  readonly record: { readonly id: number; readonly name: string }
  readonly held: LockUse
  readonly asked: LockUse
  /** What else it held. */
  readonly gates: readonly LockUse[]
  readonly stamp: Stamp
}

const maxEdges = 20_000
const maxWitnesses = 8
const maxCycle = 6
/** How many edges one search looks at, at most. */
const searchBudget = 10_000

export class LockOrder {
  readonly #edges = new Map<number, Map<number, Witness[]>>()
  readonly #writers = new Map<number, Witness[]>()
  #count = 0

  /** Adds an edge, and returns a cycle that it closes. */
  add(witness: Witness): Witness[] | undefined {
    const from = witness.held.key
    let targets = this.#edges.get(from)
    if (targets === undefined) {
      targets = new Map()
      this.#edges.set(from, targets)
    }
    const to = witness.asked.key
    let witnesses = targets.get(to)
    if (witnesses === undefined) {
      witnesses = []
      targets.set(to, witnesses)
      if (++this.#count > maxEdges) this.#dropOldest()
    }
    remember(witnesses, witness)
    return this.#search([witness], { left: searchBudget })
  }

  /** Notes that somebody wants to write, and returns a cycle of readers that it may close. */
  addWriter(witness: Witness): Witness[] | undefined {
    const lock = witness.asked.key
    const writers = this.#writers.get(lock) ?? []
    if (this.#writers.size > maxEdges) this.#writers.clear()
    this.#writers.set(lock, writers)
    remember(writers, witness)
    const budget = { left: searchBudget }
    for (const witnesses of this.#edges.get(lock)?.values() ?? []) {
      for (const first of witnesses) {
        const cycle = first.held.isShared ? this.#search([first], budget) : undefined
        if (cycle !== undefined) return cycle
      }
    }
    return undefined
  }

  /** A path of edges that fit together, from the end of `path` back to its beginning. */
  #search(path: Witness[], budget: { left: number }): Witness[] | undefined {
    const last = path.at(-1)!
    if (last.asked.key === path[0]!.held.key) {
      if (path.length > 1 || last.asked.isShared) return this.#canClose(path) ? path : undefined
      return undefined
    }
    if (path.length === maxCycle) return undefined
    for (const witnesses of this.#edges.get(last.asked.key)?.values() ?? []) {
      for (const next of witnesses) {
        if (budget.left-- <= 0) return undefined
        if (!path.every((each) => canMeet(each, next))) continue
        const cycle = this.#search([...path, next], budget)
        if (cycle !== undefined) return cycle
      }
    }
    return undefined
  }

  #canClose(path: readonly Witness[]): boolean {
    return path.every(({ asked }, i) => {
      const { held } = path[(i + 1) % path.length]!
      if (!held.isShared || !asked.isShared) return true
      const writers = this.#writers.get(asked.key) ?? []
      return writers.some((writer) => path.every((each) => canMeet(each, writer)))
    })
  }

  #dropOldest(): void {
    for (const [lock, targets] of this.#edges) {
      this.#edges.delete(lock)
      this.#count -= targets.size
      return
    }
  }
}

/** What a goroutine held, if anything, and asked for. */
export function witness(
  record: GoroutineRecord,
  held: LockUse | undefined,
  asked: LockUse,
  all: readonly LockUse[],
  stamp: Stamp,
): Witness {
  const use = useOf(asked)
  return {
    record: { id: record.id, name: record.name },
    held: held === undefined ? use : useOf(held),
    asked: use,
    gates: all.filter((each) => each.lock !== held?.lock && each.lock !== asked.lock).map(useOf),
    stamp,
  }
}

/** Without what else its owner knows of it. */
function useOf({ lock, key, isShared, site }: LockUse): LockUse {
  return { lock, key, isShared, site }
}

/** Whether two goroutines can be where they were seen at the same time. */
function canMeet(a: Witness, b: Witness): boolean {
  if (a.stamp.goroutine === b.stamp.goroutine || !areConcurrent(a.stamp, b.stamp)) return false
  return !a.gates.some((gate) => b.gates.some((other) => gate.key === other.key && !(gate.isShared && other.isShared)))
}

/** Keeps the latest of each goroutine, and of those that are alike the latest two: what is old is likely to be over. */
function remember(witnesses: Witness[], witness: Witness): void {
  const signature = signatureOf(witness)
  const alike = witnesses.filter((each) => signatureOf(each) === signature)
  const same = alike.find((each) => each.stamp.goroutine === witness.stamp.goroutine)
  const replaced = same ?? (alike.length > 1 ? alike[0] : undefined)
  if (replaced !== undefined) witnesses.splice(witnesses.indexOf(replaced), 1)
  else if (witnesses.length >= maxWitnesses) witnesses.shift()
  // It may have no sites this time (held-locks.ts): those of the last time are as true.
  const isBare = witness.held.site === undefined || witness.asked.site === undefined
  witnesses.push(same !== undefined && isBare ? { ...same, stamp: witness.stamp } : witness)
}

function signatureOf({ held, asked, gates }: Witness): string {
  return `${held.isShared} ${asked.isShared} ${gates.map((gate) => `${gate.key}${gate.isShared}`).join()}`
}
