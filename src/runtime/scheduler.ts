// The run queue of one thread, and the turn it takes.
//
// Invariants
// * Goroutines run one after the other, never inside another's call: `ready` only queues. The queue is FIFO.
// * A drain is entered from a microtask. It resumes a slice of goroutines and then queues itself again, so that awaiting
//   (promise) goroutines get their turn between slices.
// * When a turn has used its time budget (turn-budget.ts) everything pauses until a macrotask: the drain stops, promise
//   wake-ups are kept back in order, and so are operations that could settle at once, after a short grace. So timers and
//   I/O get in, whichever style keeps the thread busy.
// * All state of the thread hangs on one object under a registered symbol: a second copy of the package shares it.
import type { Clock } from './clock.ts'
import { type Decisions, SeededDecisions } from './decisions.ts'
import type { Hooks } from './events.ts'
import { GoroutineRecord, GoroutineTable } from './goroutine-record.ts'
import type { Host } from './host.ts'
import type { Identity } from './identity.ts'
import { settleTarget, tookEffectAndFailed } from './kept-back.ts'
import type { LeakTracker } from './leak-tracker.ts'
import type { LiveGoroutines } from './live-goroutines.ts'
import { Ring } from './ring.ts'
import { TurnBudget } from './turn-budget.ts'
import { KeptTurn, WokenTurn } from './turns.ts'
import { WaitReason } from './wait-reason.ts'
import type { Resumable, Waiter } from './waiter.ts'
import type { World } from './world.ts'

/** How many goroutines are resumed before those that await get their turn. */
const sliceLength = 64
/**
 * How many operations may still settle at once after a turn has had its time: those that nobody awaits would else fill
 * the next turn with waits, and goroutines beside a busy drain would get only a step a turn.
 */
const graceOperations = 256

const resolved = Promise.resolve()

/** Queues a microtask: a third of the price of `queueMicrotask`, which makes an async resource. `fn` must not throw. */
function soon(fn: () => void): void {
  void resolved.then(fn)
}

export class Scheduler {
  /** The generator goroutine whose code is running now. It decides the style of every operation that is called. */
  current: (Resumable & { readonly killPending: boolean }) | null = null
  /** The async or plain goroutine whose first synchronous part is running now. */
  starting: GoroutineRecord | null = null
  /** How many running goroutines are to be killed at their next operation: almost always none. */
  killsPending = 0
  hooks: Hooks | null = null
  /** While leaks are looked for: what is told of each goroutine, and of the token that it lives with. */
  leaks: LeakTracker | null = null
  identity: Identity | null = null
  /** Awaiting (promise) waits that are parked, by reason; for the dump, where identity is off. */
  readonly unownedWaits: number[] = new Array<number>(WaitReason.dead).fill(0)
  readonly host: Host
  /** Called once, before the first goroutine or parked wait; installs what watches over the program's end. */
  onFirstUse: (() => void) | null = null
  /** The clock's time when the running turn was last looked at, in whole milliseconds: coarse, and free to read. */
  turnTime = 0

  /** How many worlds there are besides the program: almost always none. */
  #worlds = 0
  /** Whether there ever was one: what is left of a world that has ended must not become the program's. */
  #hadWorlds = false
  #clock: Clock
  #decisions: Decisions
  #recordsSites = false
  #live: LiveGoroutines | null = null
  readonly #table = new GoroutineTable()
  #nextId = 2
  #queue = new Ring<Resumable>()
  #delayed = new Ring<Waiter>()
  readonly #late = new Ring<Waiter>()
  #isScheduled = false
  #isDraining = false
  #isPaused = false
  /** Whether an operation that settles at once has more to look at than the budget. */
  #isSlow = false
  #graceUsed = 0
  readonly #budget = new TurnBudget()
  readonly #drain = (): void => this.#drainSlice()
  readonly #endPause = (): void => this.#startTurn()
  readonly #wakeLate = (): void => {
    while (this.#late.length > 0) settleTarget(this.#late.shift())
  }

  constructor(host: Host, clock: Clock) {
    this.host = host
    this.#clock = clock
    this.#decisions = new SeededDecisions(Math.floor(Math.random() * 2 ** 32))
  }

  /** The world of the code that is running; null for that of the program itself. */
  world(): World | null {
    return this.#hadWorlds ? (this.currentRecord()?.world ?? null) : null
  }

  /** One more (or, with -1, less) world exists: from now on it is asked which one is meant. */
  countWorlds(change: 1 | -1): void {
    this.#worlds += change
    this.#hadWorlds = true
    this.#isSlow = this.#isPaused || this.#worlds > 0
  }

  get clock(): Clock {
    return this.#hadWorlds ? (this.world()?.clock ?? this.#clock) : this.#clock
  }

  /** Replaces that of the program; in tests. */
  set clock(clock: Clock) {
    this.#clock = clock
  }

  get decisions(): Decisions {
    return this.#hadWorlds ? (this.world()?.decisions ?? this.#decisions) : this.#decisions
  }

  /** Replaces those of the program. */
  set decisions(decisions: Decisions) {
    this.#decisions = decisions
  }

  /** Whether creation and block sites are recorded: a stack costs 5 to 15 microseconds. */
  get recordsSites(): boolean {
    return this.#hadWorlds ? (this.world()?.recordsSites ?? this.#recordsSites) : this.#recordsSites
  }

  set recordsSites(on: boolean) {
    this.#recordsSites = on
  }

  /** While a main goroutine runs: the generator goroutines that its end will kill. */
  get live(): LiveGoroutines | null {
    const world = this.world()
    return world === null ? this.#live : world.live
  }

  set live(live: LiveGoroutines | null) {
    const world = this.world()
    if (world === null) this.#live = live
    else world.live = live
  }

  /** The goroutines of the calling world. */
  get table(): GoroutineTable {
    return this.tableOf(this.world())
  }

  tableOf(world: World | null): GoroutineTable {
    return world === null ? this.#table : world.table
  }

  nextId(): number {
    return this.#nextId++
  }

  /** The record of a goroutine that `parent` starts, in its world; without one, the program's top level does. */
  newRecord(parent: GoroutineRecord | undefined): GoroutineRecord {
    if (parent === undefined) return new GoroutineRecord(this.#nextId++, 1)
    const world = parent.world
    const record = new GoroutineRecord(world === null ? this.#nextId++ : world.nextId(), parent.id)
    if (world !== null) record.world = world
    return record
  }

  /** When a wait of `record` that begins now begins, on its clock; to the nearest turn. */
  timeOf(record: GoroutineRecord): number {
    return record.world === null ? this.turnTime : record.world.clock.now()
  }

  /** The goroutine that is running, where that is known. */
  currentRecord(): GoroutineRecord | undefined {
    if (this.current !== null) return this.current.record!
    return this.starting ?? this.identity?.current()
  }

  /** What stands in the run queue, in order. */
  queued(): Resumable[] {
    return this.world()?.queued() ?? [...this.#queue]
  }

  /** Queues a goroutine to be resumed; `gaveWay`: it only lets the others go first. */
  ready(goroutine: Resumable, gaveWay = false): void {
    if (this.#hadWorlds && goroutine.record !== null && goroutine.record.world !== null) {
      goroutine.record.world.ready(goroutine, gaveWay)
      return
    }
    this.#queue.push(goroutine)
    if (!this.#isDraining && !this.#isScheduled && !this.#isPaused) this.#schedule()
  }

  /**
   * Completes a waiter: it is unlinked, holds its outcome, and whoever waits for it is resumed. Where the waker can go on
   * by itself (there is a buffer between the two), an awaiting target comes one microtask `later`: the waker then stays a
   * step ahead, and neither of them parks for each value, which would be half again as slow.
   */
  wake(waiter: Waiter, value: unknown, failed: boolean, later = false): void {
    const root = waiter.root
    if (root.sibling !== null) root.unlink()
    else if (root.queue !== null) root.queue.remove(root)
    root.value = value
    root.failed = failed
    root.done = true
    const target = root.target
    // Its goroutine must not hang on to an operation that somebody keeps.
    if (typeof target !== 'function') root.target = null
    if (this.hooks !== null) this.hooks.ready(root.record ?? undefined, this.currentRecord())
    if (target === null) return
    if (typeof target !== 'function') {
      target.record!.reason = WaitReason.runnable
      this.ready(target)
      return
    }
    if (this.#hadWorlds && root.record !== null && root.record.world !== null) {
      root.record.world.ready(new WokenTurn(root))
      return
    }
    this.unownedWaits[root.reason]!--
    if (root.record !== null) root.record.reason = WaitReason.running
    if (this.#budget.isDue()) this.#checkBudget()
    if (this.#isPaused) this.#delayed.push(root)
    else if (later) this.#wakeLater(root)
    else settleTarget(root)
  }

  #wakeLater(waiter: Waiter): void {
    this.#late.push(waiter)
    if (this.#late.length === 1) soon(this.#wakeLate)
  }

  /** Counts an operation that settled at once; true when it must wait for the next turn instead. */
  overBudget(): boolean {
    if (this.#isSlow) return this.#mustGiveWay()
    return this.#budget.isDue() && this.#checkBudget()
  }

  #mustGiveWay(): boolean {
    const world = this.world()
    if (world !== null) return world.givesWay(this.current !== null)
    if (this.#isPaused) return ++this.#graceUsed > graceOperations
    return this.#budget.isDue() && this.#checkBudget()
  }

  /** Completes `waiter`, whose operation has taken effect, in the next turn of the event loop, or of its world. */
  wakeNextTurn(waiter: Waiter): void {
    const world = this.world()
    if (world !== null) {
      world.ready(new KeptTurn(this.currentRecord()!, waiter))
      return
    }
    this.#delayed.push(waiter)
    this.#pause()
  }

  #checkBudget(): boolean {
    if (this.#isPaused) return true
    this.turnTime = Math.trunc(this.#clock.now())
    if (!this.#budget.isSpent(this.host.now())) return false
    this.#pause()
    return true
  }

  #pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#isSlow = true
    this.host.macrotask(this.#endPause)
  }

  #startTurn(): void {
    this.#isPaused = false
    this.#isSlow = this.#worlds > 0
    this.#graceUsed = 0
    this.#budget.begin(this.host.now())
    this.turnTime = Math.trunc(this.#clock.now())
    // Before those that were kept back: however many they are, goroutines in the queue get their turn too.
    if (!this.#isScheduled && (this.#queue.length > 0 || this.#delayed.length > 0)) this.#schedule()
    while (this.#delayed.length > 0) {
      const waiter = this.#delayed.shift()
      if (waiter.done) settleTarget(waiter)
      else this.wake(waiter, waiter.value, waiter.tag === tookEffectAndFailed)
    }
    this.#budget.open()
  }

  #schedule(): void {
    this.#isScheduled = true
    // A drain runs many goroutines: it must not inherit the asynchronous context of the one that happened to start it.
    const runInRoot = this.host.rootContext()
    if (runInRoot === null) soon(this.#drain)
    else runInRoot(soon, this.#drain)
  }

  #drainSlice(): void {
    this.#isScheduled = false
    if (this.#isPaused) return
    this.#isDraining = true
    const queue = this.#queue
    const slice = Math.min(this.#budget.interval, sliceLength)
    let resumed = 0
    try {
      while (resumed < slice && queue.length > 0 && !this.#isPaused) {
        resumed++
        queue.shift().resume()
      }
    } catch (error) {
      this.#crash(error)
    }
    this.#isDraining = false
    // Counted over slices: a drain that empties its queue each time is no reason never to look at the clock.
    if (this.#budget.isDueAfter(resumed) && !this.#isPaused) this.#checkBudget()
    if (queue.length > 0 && !this.#isPaused) this.#schedule()
  }

  /** An error that is nobody's: the scheduler goes on, and the host hears of it as of any uncaught exception. */
  #crash(error: unknown): void {
    this.current = null
    this.starting = null
    this.host.macrotask(() => {
      throw error
    })
  }
}
