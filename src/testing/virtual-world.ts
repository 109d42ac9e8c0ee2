// A bubble's world: its goroutines run one turn at a time, each until it waits and no microtask is left; when none can
// go on, time moves to the next timer. After Go's testing/synctest (runtime/synctest.go).
//
// Invariants
// * A turn is taken only when all that the one before led to has happened: so a bubble is deterministic, save for what it
//   awaits from outside.
// * Time stands still while anything in the bubble can go on, or waits for real input and output (foreign-waits.ts); and
//   for good once the main goroutine has ended (in an exploration some time later).
// * When it is over it takes no turn any more, and holds no goroutine.
import { DeadlockError } from '../errors/goroutine-error.ts'
import type { Decisions } from '../runtime/decisions.ts'
import { formatDump } from '../runtime/dump.ts'
import { launch } from '../runtime/go.ts'
import { GoroutineRecord, GoroutineTable } from '../runtime/goroutine-record.ts'
import type { LiveGoroutines } from '../runtime/live-goroutines.ts'
import { type MainState, newMainState } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WokenTurn } from '../runtime/turns.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import type { Resumable } from '../runtime/waiter.ts'
import type { World } from '../runtime/world.ts'
import { ForeignWaits } from './foreign-waits.ts'
import { Pace } from './pace.ts'
import { Patience } from './patience.ts'
import { PlainAwaits } from './plain-awaits.ts'
import { chooseTimer } from './timer-ties.ts'
import type { TurnQueue } from './turn-queue.ts'
import { UnclaimedPanics } from './unclaimed-panics.ts'
import { VirtualClock } from './virtual-clock.ts'
import { WorldNumbers } from './world-numbers.ts'
import type { MainGoroutine, WorldOptions } from './world-options.ts'

const allBlocked = 'deadlock: all goroutines in bubble are blocked'
const blockedRemain = 'deadlock: main bubble goroutine has exited but blocked goroutines remain'

const mainBlocked = 'deadlock: main bubble goroutine is blocked while others go on for ever'

/** A generator goroutine whose operations all settle at once lets the others go first every so many. */
const maxSettled = 10_000
/** A bubble with more goroutines records no more sites: they cost much more than goroutines. */
const maxSites = 10_000
/**
 * How often the event loop goes round before nothing can go on: what is on its way without a trace (a message of a port,
 * data between two sockets of the bubble) is there by then. The first may end without a look at input.
 */
const quietRounds = 2

interface Outcome {
  readonly failed: boolean
  readonly error: unknown
}

export class VirtualWorld implements World {
  readonly clock: VirtualClock = new VirtualClock()
  readonly table: GoroutineTable = new GoroutineTable()
  readonly main: MainState = newMainState()
  readonly decisions: Decisions
  live: LiveGoroutines | null = null
  readonly waits: ForeignWaits = new ForeignWaits(() => this.wakeUp())
  readonly numbers: WorldNumbers = new WorldNumbers()
  /** How many turns were taken. */
  turnsTaken = 0
  /** Told of what no hook tells: a goroutine lets the others go first, a timer of the host's fires. */
  onTurn: ((record: GoroutineRecord | null, what: 'gives way' | 'runs a callback') => void) | null = null
  /** Set when the bubble ended because nothing could go on. */
  verdict: 'deadlock' | 'leak' | null = null
  killsPending = 0
  readonly hops: PlainAwaits = new PlainAwaits()
  /** Whether a generator goroutine kept the thread over an operation that settled at once. */
  hasRunOn = false
  /** Called once, when nothing in the bubble can go on, before time moves. */
  onQuiet: (() => void) | null = null

  readonly #options: WorldOptions
  readonly #turns: TurnQueue
  #settledInTurn = 0
  #isMainOver = false
  /** Time goes no further. */
  #latest = Number.POSITIVE_INFINITY
  #isOver = false
  #idleSince = -1
  #roundsLeft = quietRounds
  readonly #patience = new Patience(() => scheduler.host.now())
  readonly #pace = new Pace(() => this.#takeStep())
  readonly #panics = new UnclaimedPanics()
  readonly #rejections = new Map<Promise<unknown>, unknown>()
  #mainGoroutine: GoroutineRecord | null = null
  #mainEnded: () => void = () => {}
  #conclude: (outcome: Outcome) => void = () => {}

  constructor(options: WorldOptions) {
    this.#options = options
    this.#turns = options.turns
    this.decisions = options.decisions
  }

  /** Runs `body` as the main goroutine, until all of the bubble has ended. Called outside the bubble. */
  async run({ name, body, ended }: MainGoroutine): Promise<void> {
    const record = new GoroutineRecord(this.nextId(), 0)
    record.name = name
    record.kind = 'main'
    record.world = this
    scheduler.countWorlds(1)
    const outcome = await new Promise<Outcome>((resolve) => {
      this.#conclude = resolve
      this.#mainGoroutine = record
      this.#mainEnded = ended
      launch(record, undefined, body, [])
    })
    // Rejections that nobody handles are told of now.
    await new Promise<void>((resolve) => scheduler.host.macrotask(resolve))
    scheduler.countWorlds(-1)
    this.waits.clear()
    this.clock.end()
    for (const reason of this.#rejections.values()) {
      this.verdict = null // it may be why the others wait
      throw reason
    }
    if (outcome.failed) throw outcome.error
  }

  get isMainOver(): boolean {
    return this.#isMainOver
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get recordsSites(): boolean {
    return this.#options.recordsSites && this.numbers.lastId <= maxSites
  }

  nextId(): number {
    return this.numbers.nextId()
  }

  nextLockId(): number {
    return this.numbers.nextLockId()
  }

  ready(turn: Resumable, gaveWay = false): void {
    if (this.#isOver) return
    if (gaveWay) this.onTurn?.(turn.record, 'gives way')
    if (turn instanceof WokenTurn && this.#overlaps()) {
      turn.resume()
      this.wakeUp()
      return
    }
    this.#turns.push(turn, gaveWay)
    this.wakeUp()
  }

  queued(): Resumable[] {
    return this.#turns.all()
  }

  givesWay(isGenerator: boolean): boolean {
    if (!isGenerator) return !this.#overlaps()
    // Production takes the thread from a generator goroutine when the turn has had its time.
    if (this.#options.preempts || this.#overlaps()) return true
    this.hasRunOn = true
    if (++this.#settledInTurn < maxSettled) return false
    this.#settledInTurn = 0
    return true
  }

  ended(record: GoroutineRecord, failed: boolean, value: unknown): void {
    if (record !== this.#mainGoroutine) return
    if (failed) {
      this.#end(value, true)
      return
    }
    this.#isMainOver = true
    this.#latest = this.clock.now() + this.#options.lingerMs
    this.#mainEnded()
    this.wakeUp()
  }

  panic(error: unknown, isJoined: () => boolean): void {
    this.#panics.add(error, isJoined, this.turnsTaken)
    this.wakeUp()
  }

  /** A promise was rejected inside, and nobody handles it; it counts if that is still so at the end. */
  reject(reason: unknown, promise: Promise<unknown>): void {
    this.#rejections.set(promise, reason)
  }

  /** Somebody has come to handle it. */
  forgive(promise: Promise<unknown>): void {
    this.#rejections.delete(promise)
  }

  /** Whether to do at once, or in the middle of a turn, what could also wait for the turn's end: as production does. */
  #overlaps(): boolean {
    return this.#options.overlaps && !this.#isOver && this.decisions.choose(2, 'goroutine') === 1
  }

  /** Looks again whether anything can go on. */
  wakeUp(): void {
    this.#idleSince = -1
    this.#roundsLeft = this.#options.graceMs > 0 ? quietRounds : 0
    this.#pace.wakeUp()
  }

  /** All goroutines of the bubble, as in the dump of a program. */
  dump(): string {
    return formatDump({ records: [...this.table], running: undefined, now: this.clock.now(), awaiting: undefined })
  }

  #takeStep(): void {
    if (this.waits.haveTicked()) {
      this.#pace.afterMicrotasks()
      return
    }
    const panic = this.#panics.overdue(this.turnsTaken)
    if (panic !== undefined) this.#end(panic.error, true)
    else if (this.#takeTurn() && !this.#isOver) this.#pace.afterTurn()
  }

  /** Says whether there was one. */
  #takeTurn(): boolean {
    const timer = chooseTimer(this.clock, this.#turns.length, this.#options.explores ? this.decisions : null)
    if (timer === undefined && this.#turns.length === 0) {
      this.#settle()
      return false
    }
    const refusal = this.#options.onTurn?.()
    if (refusal !== undefined) {
      this.#end(refusal, true)
      return false
    }
    const turn = timer === undefined ? this.#turns.take() : null
    this.turnsTaken++
    if (turn?.record === this.#mainGoroutine) this.#patience.renew()
    else if (!this.#options.explores && this.#patience.isOver()) {
      this.#end(new DeadlockError(`${mainBlocked}\n\n${this.dump()}`), true)
      return false
    }
    this.#settledInTurn = 0
    this.#roundsLeft = this.#options.graceMs > 0 ? quietRounds : 0
    try {
      if (timer !== undefined) this.clock.fire(timer)
      else this.#run(turn!)
    } catch (error) {
      scheduler.current = null
      this.#end(error, true)
      return true
    }
    // A generator's turn is over when it has been resumed; one that awaits goes on in the microtasks.
    const record = turn?.record ?? null
    const goesOn = record?.reason === WaitReason.running
    if (goesOn && this.#options.explores && !this.hops.wereSeen) this.hops.watch(record)
    return goesOn && this.#turns.length > 0 && this.#overlaps() ? this.#takeTurn() : true
  }

  #run(turn: Resumable): void {
    if (this.onTurn !== null && 'isHostTask' in turn) this.onTurn(turn.record, 'runs a callback')
    turn.resume()
  }

  /** Nothing can go on: what now? */
  #settle(): void {
    if (this.waits.arePending()) {
      this.#roundsLeft = quietRounds
      this.#pace.lookAgainSoon()
    } else if (this.#isOnItsWay()) this.#pace.afterMacrotask()
    else this.#beQuiet()
  }

  /** Whether what has just happened may lead to more. */
  #isOnItsWay(): boolean {
    if (this.waits.haveStirred()) this.#roundsLeft = quietRounds
    return this.#roundsLeft > 0 && this.#roundsLeft-- > 0
  }

  /** Lets time move although somebody could go on; false when there is no timer. */
  moveTime(): boolean {
    return this.clock.advance(this.#latest)
  }

  /** Time moves now, if nobody is there who waits for this moment. */
  #beQuiet(): void {
    const panic = this.#panics.any()
    const wake = this.onQuiet
    this.onQuiet = null
    if (panic !== undefined) this.#end(panic.error, true)
    else if (wake !== null) wake()
    else if (this.#isMainOver && this.table.size === 0) this.#end(undefined, false)
    else if (this.clock.advance(this.#latest)) this.#pace.afterMicrotasks()
    else if (this.#mayGoOnFromOutside()) this.#pace.lookAgainSoon()
    else this.#deadlock()
  }

  /** Gives a promise that comes from outside its time. */
  #mayGoOnFromOutside(): boolean {
    const now = scheduler.host.now()
    if (this.#idleSince < 0) this.#idleSince = now
    return now - this.#idleSince < this.#options.graceMs && this.#isAwaitingOutside()
  }

  #isAwaitingOutside(): boolean {
    return [...this.table].some(({ reason }) => reason === WaitReason.running || reason === WaitReason.io)
  }

  #deadlock(): void {
    this.verdict = this.#isMainOver ? 'leak' : 'deadlock'
    this.#end(new DeadlockError(`${this.#isMainOver ? blockedRemain : allBlocked}\n\n${this.dump()}`), true)
  }

  #end(error: unknown, failed: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#turns.clear()
    scheduler.killsPending -= this.killsPending
    this.#pace.end()
    this.#conclude({ failed, error })
  }
}

/** The bubble of the code that is running. */
export function currentBubble(): VirtualWorld | null {
  const world = scheduler.world()
  return world instanceof VirtualWorld ? world : null
}
