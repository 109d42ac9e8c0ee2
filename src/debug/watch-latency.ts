// Who waits, for what, and how long. A goroutine that is starved is no deadlock, and no error: only its waits tell.
//
// Invariants
// * A goroutine is running, runnable or parked, since a time. What it was is added to its durations when that ends.
// * Of goroutines that have ended the last `maxEnded` are kept; what their function did, all together, is kept of all.
import { startDebugging } from '../runtime/debugging.ts'
import type { Hooks } from '../runtime/events.ts'
import type { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { scheduler } from '../runtime/runtime.ts'
import { isParked, WaitReason, waitReasonText } from '../runtime/wait-reason.ts'
import type { World } from '../runtime/world.ts'
import { Durations, type Histogram } from './histogram.ts'
import { subscribe } from './hook-chain.ts'

/** How long one goroutine waited, or all of one function. */
export interface Latency {
  /** The name of its function, or ''. */
  readonly name: string
  /** The stack that started it. */
  readonly createdAt: string | undefined
  /** How long it lived, as far as it was watched; of several goroutines, all their lives together. */
  readonly lifeMs: number
  /** How long it could have run, and others did. */
  readonly runnable: Histogram
  /** How long it was parked, by what for: `sync.Mutex.Lock`, `chan receive`, ... */
  readonly parked: ReadonlyMap<string, Histogram>
}

/** What {@link watchLatency} has seen so far; waits that have not ended are in it. */
export interface LatencyReport {
  /** Those that live, and the last thousand that have ended; oldest first. */
  readonly goroutines: readonly (Latency & { readonly id: number; readonly hasEnded: boolean })[]
  /** All goroutines that were started with the same function at the same place. */
  readonly functions: readonly (Latency & { readonly goroutines: number })[]
}

/** A watch that is running. Disposed of, it hears of nothing more, and can still report. */
export interface LatencyWatch extends Disposable {
  report(): LatencyReport
}

const maxEnded = 1000
const maxFunctions = 10_000

/** What a goroutine does: a wait reason, of which `running` and `runnable` are no waits. */
type Phase = WaitReason

function timeOf(world: World | null): number {
  return world === null ? scheduler.host.now() : world.clock.now()
}

class Waits {
  readonly name: string
  readonly createdAt: string | undefined
  /** By phase. */
  readonly durations: (Durations | undefined)[] = []
  lifeMs = 0

  constructor(name: string, createdAt: string | undefined) {
    this.name = name
    this.createdAt = createdAt
  }

  add(phase: Phase, durationMs: number): void {
    if (phase === WaitReason.running || phase === WaitReason.unknown) return
    this.durations[phase] ??= new Durations()
    this.durations[phase].add(durationMs)
  }

  /** With what those who live do at the moment. */
  latency(living: readonly Watched[]): Latency {
    const all = new Waits(this.name, this.createdAt)
    this.durations.forEach((durations, phase) => {
      all.durations[phase] = durations?.copy()
    })
    all.lifeMs = this.lifeMs
    for (const each of living) {
      const { now } = each
      all.lifeMs += now - each.bornAt
      all.add(each.phase, now - each.since)
    }
    const parked = new Map<string, Histogram>()
    all.durations.forEach((durations, phase) => {
      const isWait = durations !== undefined && isParked(phase as Phase)
      if (isWait) parked.set(waitReasonText(phase as Phase), durations.snapshot())
    })
    const runnable = (all.durations[WaitReason.runnable] ?? new Durations()).snapshot()
    return { name: all.name, createdAt: all.createdAt, lifeMs: all.lifeMs, runnable, parked }
  }
}

class Group extends Waits {
  goroutines = 0
}

class Watched extends Waits {
  readonly id: number
  readonly group: Group
  phase: Phase
  since: number
  readonly bornAt: number
  hasEnded = false
  /** Weakly: its clock holds goroutines. */
  readonly #world: WeakRef<World> | null

  constructor(record: GoroutineRecord, group: Group, phase: Phase) {
    super(record.name, record.createdAt)
    this.id = record.id
    this.group = group
    this.phase = phase
    this.#world = record.world === null ? null : new WeakRef(record.world)
    this.since = timeOf(record.world)
    this.bornAt = this.since
    group.goroutines++
  }

  /** The time in its world; where that is gone, the last time that it did something. */
  get now(): number {
    if (this.#world === null) return timeOf(null)
    const world = this.#world.deref()
    return world === undefined ? this.since : timeOf(world)
  }

  become(phase: Phase, now: number): void {
    this.add(this.phase, now - this.since)
    this.group.add(this.phase, now - this.since)
    this.phase = phase
    this.since = now
  }

  end(now: number): void {
    this.become(WaitReason.running, now)
    this.hasEnded = true
    this.lifeMs = now - this.bornAt
    this.group.lifeMs += this.lifeMs
  }
}

class Watch implements Partial<Hooks> {
  readonly #watched = new WeakMap<GoroutineRecord, Watched>()
  /** Oldest first. */
  readonly #listed = new Set<Watched>()
  readonly #ended: Watched[] = []
  readonly #groups = new Map<string, Group>()

  go(record: GoroutineRecord): void {
    this.#of(record, WaitReason.runnable)
  }

  resume(record: GoroutineRecord): void {
    this.#change(record, WaitReason.running)
  }

  giveWay(record: GoroutineRecord): void {
    this.#change(record, WaitReason.runnable)
  }

  park(record: GoroutineRecord | undefined, reason: WaitReason): void {
    if (record !== undefined) this.#change(record, reason)
  }

  ready(record: GoroutineRecord | undefined): void {
    if (record === undefined) return
    // One that only gave way has been runnable all the time.
    if (this.#of(record, WaitReason.runnable).phase !== WaitReason.runnable) this.#change(record, WaitReason.runnable)
  }

  end(record: GoroutineRecord): void {
    const watched = this.#of(record, WaitReason.running)
    watched.end(timeOf(record.world))
    this.#ended.push(watched)
    // In portions: an array is slow to take the first from.
    if (this.#ended.length > 2 * maxEnded) {
      for (const each of this.#ended.splice(0, maxEnded)) this.#listed.delete(each)
    }
  }

  #change(record: GoroutineRecord, phase: Phase): void {
    this.#of(record, phase).become(phase, timeOf(record.world))
  }

  #of(record: GoroutineRecord, phase: Phase): Watched {
    let watched = this.#watched.get(record)
    if (watched === undefined) {
      watched = new Watched(record, this.#groupOf(record), phase)
      this.#watched.set(record, watched)
      this.#listed.add(watched)
    }
    return watched
  }

  #groupOf({ name, createdAt }: GoroutineRecord): Group {
    const key = `${name}\n${createdAt}`
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = new Group(name, createdAt)
      if (this.#groups.size < maxFunctions) this.#groups.set(key, group)
    }
    return group
  }

  report(): LatencyReport {
    const all = [...this.#listed]
    const living = all.filter(({ hasEnded }) => !hasEnded)
    return {
      goroutines: all.map((each) => ({
        id: each.id,
        hasEnded: each.hasEnded,
        ...each.latency(each.hasEnded ? [] : [each]),
      })),
      functions: [...this.#groups.values()].map((group) => {
        const members = living.filter((each) => each.group === group)
        return { goroutines: group.goroutines, ...group.latency(members) }
      }),
    }
  }
}

/**
 * Measures how long goroutines wait, from now until the result is disposed of: for their turn, and for locks, channels and
 * all else. A goroutine that is starved by others waits most of its life. {@link formatLatency} shows it as text.
 *
 * All times are in milliseconds: of the runtime's clock, and of a bubble's own in that. It turns on what `WARREN_DEBUG=1` turns on, from now on: async
 * goroutines that were started before are not known, and stacks cost each wait some microseconds more. What an async
 * goroutine waits for that is not warren's is not seen.
 * @example
 * const watching = watchLatency()
 * const mu = new Mutex()
 * await mu.lock()
 * const patient = go(function* patient() {
 *   using _ = yield* mu.lock()
 * })
 * await gosched()
 * mu.unlock()
 * await patient.join()
 * watching[Symbol.dispose]()
 * const seen = watching.report().goroutines.find(({ id }) => id === patient.id)!
 * console.log([...seen.parked.keys()]) // [ 'sync.Mutex.Lock' ]
 */
export function watchLatency(): LatencyWatch {
  startDebugging(scheduler)
  const watch = new Watch()
  const subscription = subscribe(watch)
  return {
    report: () => watch.report(),
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  }
}
