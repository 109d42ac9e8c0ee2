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
import type { GoroutineBody } from '../runtime/goroutine.ts'
import { GoroutineRecord, GoroutineTable } from '../runtime/goroutine-record.ts'
import type { LiveGoroutines } from '../runtime/live-goroutines.ts'
import { type MainState, newMainState } from '../runtime/program-end.ts'
import { scheduler } from '../runtime/runtime.ts'
import { WaitReason } from '../runtime/wait-reason.ts'
import type { Resumable } from '../runtime/waiter.ts'
import type { World } from '../runtime/world.ts'
import { foreignWaits } from './foreign-waits.ts'
import { stepOutside } from './outside.ts'
import { chooseTimer } from './timer-ties.ts'
import type { TurnQueue } from './turn-queue.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface WorldOptions {
  readonly decisions: Decisions
  readonly turns: TurnQueue
  readonly recordsSites: boolean
  /** Whether operations that settle at once give way in generator goroutines too. */
  readonly preempts: boolean
  /** Whether the order of timers that are due together is a decision. */
  readonly explores: boolean
  /** How long to wait, in real time, for a promise from outside before the bubble counts as deadlocked, in milliseconds. */
  readonly graceMs: number
  /** How long time goes on for the others when the main goroutine has ended, in virtual milliseconds. */
  readonly lingerMs: number
  /** Called before each turn; an error ends the bubble. */
  readonly onTurn?: (turn: Resumable | null) => Error | undefined
}

const allBlocked = 'deadlock: all goroutines in bubble are blocked'
export const blockedRemain = 'deadlock: main bubble goroutine has exited but blocked goroutines remain'

/** A generator goroutine whose operations all settle at once lets the others go first every so many. */
const maxSettled = 10_000
/** An error that nobody has joined for by then will not be. */
const panicTurns = 100
/** How often the event loop gets its turn. */
const sliceMs = 8
const sliceTurns = 64

export interface MainGoroutine {
  readonly name: string
  readonly body: () => GoroutineBody<void>
  /** Called when it has returned, before the others are waited for. */
  readonly ended: () => void
}

interface Panic {
  readonly error: unknown
  readonly isJoined: () => boolean
  readonly since: number
}

export class VirtualWorld implements World {
  readonly clock: VirtualClock = new VirtualClock()
  readonly table: GoroutineTable = new GoroutineTable()
  readonly main: MainState = newMainState()
  readonly decisions: Decisions
  readonly recordsSites: boolean
  live: LiveGoroutines | null = null
  /** How many turns were taken. */
  turnsTaken = 0
  /** Told of a goroutine that lets the others go first. */
  onGaveWay: ((record: GoroutineRecord | null) => void) | null = null
  get isMainOver(): boolean {
    return this.#isMainOver
  }

  /** Called once, when nothing in the bubble can go on, before time moves. */
  onQuiet: (() => void) | null = null

  readonly #options: WorldOptions
  readonly #turns: TurnQueue
  #lastId = 0
  #settledInTurn = 0
  #sliceStart = 0
  #isScheduled = false
  #isMainOver = false
  /** Time goes no further. */
  #latest = Number.POSITIVE_INFINITY
  #isOver = false
  #idleSince = -1
  #panics: Panic[] = []
  #mainGoroutine: GoroutineRecord | null = null
  #mainEnded: () => void = () => {}
  #conclude: (error: unknown, failed: boolean) => void = () => {}
  readonly #step = (): void => {
    this.#isScheduled = false
    if (!this.#isOver) this.#takeStep()
  }

  constructor(options: WorldOptions) {
    this.#options = options
    this.#turns = options.turns
    this.decisions = options.decisions
    this.recordsSites = options.recordsSites
  }

  /** Runs `body` as the main goroutine, until all of the bubble has ended. Called outside the bubble. */
  async run({ name, body, ended }: MainGoroutine): Promise<void> {
    const record = new GoroutineRecord(this.nextId(), 0)
    record.name = name
    record.kind = 'main'
    record.world = this
    foreignWaits.enter(this)
    scheduler.countWorlds(1)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#conclude = (error, failed) => (failed ? reject(error) : resolve())
        this.#mainGoroutine = record
        this.#mainEnded = ended
        launch(record, undefined, body, [])
      })
    } finally {
      scheduler.countWorlds(-1)
      foreignWaits.leave(this)
      this.clock.clear()
    }
  }

  nextId(): number {
    return ++this.#lastId
  }

  ready(turn: Resumable, gaveWay = false): void {
    if (this.#isOver) return
    if (gaveWay) this.onGaveWay?.(turn.record)
    this.#turns.push(turn, gaveWay)
    this.wakeUp()
  }

  queued(): Resumable[] {
    return this.#turns.all()
  }

  givesWay(isGenerator: boolean): boolean {
    if (!isGenerator || this.#options.preempts) return true
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
  }

  panic(_record: GoroutineRecord, error: unknown, isJoined: () => boolean): void {
    this.#panics.push({ error, isJoined, since: this.turnsTaken })
    this.wakeUp()
  }

  /** Ends the bubble with an error that no goroutine threw. */
  fail(error: unknown): void {
    this.#end(error, true)
  }

  /** Looks again whether anything can go on. */
  wakeUp(): void {
    this.#idleSince = -1
    if (!this.#isScheduled && !this.#isOver) stepOutside(this.#scheduleStep)
  }

  /** All goroutines of the bubble, as in the dump of a program. */
  dump(): string {
    return formatDump({ records: [...this.table], running: undefined, now: this.clock.now(), awaiting: undefined })
  }

  readonly #scheduleStep = (): void => {
    if (this.#isScheduled) return
    this.#isScheduled = true
    scheduler.host.afterMicrotasks(this.#step)
  }

  #takeStep(): void {
    if (this.#panics.length > 0 && this.#hasPanicked(panicTurns)) return
    const timer = chooseTimer(this.clock, this.#turns.length, this.#options.explores ? this.decisions : null)
    if (timer === undefined && this.#turns.length === 0) {
      this.#settle()
      return
    }
    const turn = timer === undefined ? this.#turns.take() : null
    const refusal = this.#options.onTurn?.(turn)
    if (refusal !== undefined) {
      this.#end(refusal, true)
      return
    }
    this.turnsTaken++
    this.#settledInTurn = 0
    try {
      if (timer !== undefined) this.clock.fire(timer)
      else turn!.resume()
    } catch (error) {
      scheduler.current = null
      this.#end(error, true)
      return
    }
    this.#continue()
  }

  #continue(): void {
    if (this.turnsTaken % sliceTurns === 0 && this.#isSliceOver()) this.#afterMacrotask()
    else this.#scheduleStep()
  }

  #isSliceOver(): boolean {
    const now = scheduler.host.now()
    if (now - this.#sliceStart < sliceMs) return false
    this.#sliceStart = now
    return true
  }

  #afterMacrotask(): void {
    this.#isScheduled = true
    scheduler.host.macrotask(this.#step)
  }

  /** Nothing can go on: what now? */
  #settle(): void {
    if (foreignWaits.areInvolved(this)) {
      // Real input or output: its completion wakes the world up. What it has just led to may be on its way in ticks.
      if (foreignWaits.arePending(this)) return
      this.#afterMacrotask()
      return
    }
    if (this.#panics.length > 0 && this.#hasPanicked(0)) return
    if (this.onQuiet !== null) {
      const wake = this.onQuiet
      this.onQuiet = null
      wake()
      return
    }
    if (this.#isMainOver && this.table.size === 0) this.#end(undefined, false)
    else if (this.clock.advance(this.#latest)) this.#scheduleStep()
    else if (!this.#awaitOutside()) this.#deadlock()
  }

  /** Gives a promise that comes from outside its time. */
  #awaitOutside(): boolean {
    const now = scheduler.host.now()
    if (this.#idleSince < 0) this.#idleSince = now
    else if (now - this.#idleSince >= this.#options.graceMs || !this.#isAwaitingOutside()) return false
    this.#afterMacrotask()
    return true
  }

  #isAwaitingOutside(): boolean {
    return [...this.table].some(({ reason }) => reason === WaitReason.running || reason === WaitReason.io)
  }

  #deadlock(): void {
    this.#end(new DeadlockError(`${this.#isMainOver ? blockedRemain : allBlocked}\n\n${this.dump()}`), true)
  }

  /** Ends the bubble when an error has been nobody's for so many turns. */
  #hasPanicked(turns: number): boolean {
    this.#panics = this.#panics.filter(({ isJoined }) => !isJoined())
    const panic = this.#panics.find(({ since }) => this.turnsTaken - since >= turns)
    if (panic === undefined) return false
    this.#end(panic.error, true)
    return true
  }

  #end(error: unknown, failed: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    while (this.#turns.length > 0) this.#turns.take()
    this.#conclude(error, failed)
  }
}

/** The bubble of the code that is running. */
export function currentBubble(): VirtualWorld | null {
  const world = scheduler.world()
  return world instanceof VirtualWorld ? world : null
}
