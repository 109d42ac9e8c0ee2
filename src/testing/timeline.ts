// What each goroutine of a bubble did, in order: for the report of a failing schedule.
//
// Names are given in the order of appearance, so that the same schedule has the same timeline in every process.
import { subscribe } from '../debug/hook-chain.ts'
import type { Hooks, LockHooks, OperationKind } from '../runtime/events.ts'
import type { GoroutineRecord, Resource } from '../runtime/goroutine-record.ts'
import { panicMessage } from '../runtime/panic.ts'
import { scheduler } from '../runtime/runtime.ts'
import { formatResource } from '../runtime/wait-for.ts'
import { type WaitReason, waitReasonText } from '../runtime/wait-reason.ts'
import type { VirtualWorld } from './virtual-world.ts'

export interface TimelineEntry {
  readonly step: number
  /** The bubble's time, in milliseconds. */
  readonly at: number
  /** `3 (worker)`, or `the clock`. */
  readonly who: string
  readonly what: string
}

/** Go's names of what is not called as its class is. */
const classNames: Readonly<Record<string, string>> = { Channel: 'chan', TimerChan: 'timer chan' }

const theClock = 'the clock'

/** Of these the hooks for locks tell, with the name that they have in a dump. */
const owned = new Set(['Mutex', 'RWMutex'])

export class Timeline implements Hooks {
  readonly entries: TimelineEntry[] = []
  readonly locks: LockHooks = {
    ask: () => {},
    take: (resource, isShared, record) => this.#noteLock(isShared ? 'rLock' : 'lock', resource, record),
    release: (resource, isShared) =>
      this.#noteLock(isShared ? 'rUnlock' : 'unlock', resource, scheduler.currentRecord()),
  }
  readonly #world: VirtualWorld
  readonly #place: Disposable
  readonly #numbers = new WeakMap<object, string>()
  readonly #counts = new Map<string, number>()

  /** Records from now on, until `stop`. */
  constructor(world: VirtualWorld) {
    this.#world = world
    world.onTurn = (record, what) => this.#note(record ?? undefined, what)
    this.#place = subscribe(this)
  }

  stop(): void {
    this.#place[Symbol.dispose]()
  }

  go(record: GoroutineRecord, parent: GoroutineRecord | undefined): void {
    if (this.#isOurs(record) && parent !== undefined) this.#note(parent, `go ${nameOf(record)}`, record.createdAt)
  }

  start(record: GoroutineRecord): void {
    if (this.#isOurs(record)) this.#note(record, 'starts')
  }

  park(record: GoroutineRecord | undefined, reason: WaitReason): void {
    const text = waitReasonText(reason)
    if (this.#isOurs(record) && text !== 'runnable')
      this.#note(record!, `waits [${text}]${heldBy(record!)}`, record!.blockedAt)
  }

  ready(record: GoroutineRecord | undefined, by: GoroutineRecord | undefined): void {
    if (!this.#isOurs(record) || record === by) return
    // A timer fires in nobody's turn: who is running then is whoever started the test.
    this.#note(this.#isOurs(by) ? by : undefined, `wakes ${nameOf(record!)}`)
  }

  end(record: GoroutineRecord, error: unknown): void {
    if (this.#isOurs(record)) this.#note(record, error === undefined ? 'ends' : `ends with: ${panicMessage(error)}`)
  }

  operation(kind: OperationKind, primitive: object, by: GoroutineRecord | undefined): void {
    if (!this.#isOurs(by) || owned.has(primitive.constructor.name)) return
    this.#note(by, `${kind} ${this.#nameOf(primitive)}`)
  }

  #noteLock(what: string, resource: Resource, record: GoroutineRecord | undefined): void {
    if (this.#isOurs(record)) this.#note(record, `${what} ${formatResource(resource)}`)
  }

  #isOurs(record: GoroutineRecord | undefined): boolean {
    return record !== undefined && record.world === this.#world
  }

  #note(record: GoroutineRecord | undefined, what: string, site?: string): void {
    const place = site === undefined ? '' : `  ${placeOf(site)}`
    this.entries.push({
      step: this.#world.turnsTaken,
      at: this.#world.clock.now(),
      who: record === undefined ? theClock : nameOf(record),
      what: `${what}${place}`,
    })
  }

  #nameOf(primitive: object): string {
    let name = this.#numbers.get(primitive)
    if (name === undefined) {
      const className = primitive.constructor.name
      const kind = classNames[className] ?? className
      const count = (this.#counts.get(kind) ?? 0) + 1
      this.#counts.set(kind, count)
      name = `${kind} ${count}`
      this.#numbers.set(primitive, name)
    }
    return name
  }
}

function nameOf(record: GoroutineRecord): string {
  return record.name === '' ? `goroutine ${record.id}` : `goroutine ${record.id} (${record.name})`
}

function heldBy({ waitsFor }: GoroutineRecord): string {
  const holders = waitsFor === null ? [] : [...waitsFor.holders]
  return holders.length === 0 ? '' : `, held by ${holders.map(nameOf).join(', ')}`
}

/** `file.ts:12:3` of the innermost frame: the same on every machine. */
function placeOf(site: string): string {
  return site.split('\n')[1]?.trim().split('/').at(-1) ?? ''
}

/** A line for each entry, with the time if it moves; of more than `most`, the first ones are left out. */
export function formatTimeline(entries: readonly TimelineEntry[], most: number = Number.POSITIVE_INFINITY): string {
  const shown = entries.slice(Math.max(0, entries.length - most))
  const width = longest(shown.map(({ who }) => who))
  const times = shown.map(({ at }) => `${at} ms`)
  const timeWidth = shown.some(({ at }) => at > 0) ? longest(times) : 0
  const lines = shown.map(({ step, who, what }, index) => {
    const time = timeWidth === 0 ? '' : `${times[index]!.padStart(timeWidth)}  `
    return `${String(step).padStart(6)}  ${time}${who.padEnd(width)}  ${what}`
  })
  if (shown.length < entries.length) lines.unshift(`        ...${entries.length - shown.length} earlier lines`)
  return lines.join('\n')
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0)
}

/** The shortest sequence that the end of the timeline repeats at least three times; undefined when there is none. */
export function findCycle(entries: readonly TimelineEntry[]): TimelineEntry[] | undefined {
  const keys = entries.map(({ who, what }) => `${who} ${what}`)
  const longestPeriod = Math.min(Math.floor(keys.length / 3), 500)
  for (let period = 1; period <= longestPeriod; period++) {
    if (repeats(keys, period)) return entries.slice(-period)
  }
  return undefined
}

function repeats(keys: readonly string[], period: number): boolean {
  for (let i = 1; i <= 2 * period; i++) {
    if (keys[keys.length - i] !== keys[keys.length - i - period]) return false
  }
  return true
}
