// What a bubble waits for that is not the runtime's: requests to the operating system, open connections, timers that the
// bubble could not make its own. While one of them is pending, time stands still in the bubble that made it: the rule
// of Go's synctest that a goroutine blocked in input or output is not durably blocked. By async_hooks: whatever is made while
// a goroutine of the bubble runs belongs to the bubble, and so do the connections that its servers accept.
//
// Invariant: `owners` has what `#pending` of all bubbles that have not ended has, and nothing else.
import { scheduler } from '../runtime/runtime.ts'
import type { World } from '../runtime/world.ts'
import {
  type ForeignResource,
  foreignResource,
  hasBothEnds,
  isClosed,
  isConnection,
  isForeign,
  isIdle,
  isPending,
  isRequest,
} from './foreign-resource.ts'
import { nodeModule } from './node.ts'

/** That of one bubble. */
export class ForeignWaits {
  readonly #wakeUp: () => void
  readonly #pending = new Map<number, ForeignResource>()
  #isStirred = false
  #hasTicked = false

  constructor(wakeUp: () => void) {
    this.#wakeUp = wakeUp
  }

  /** Whether `process.nextTick` was called since the last time this was asked: what it leads to is still to come. */
  haveTicked(): boolean {
    const hasTicked = this.#hasTicked
    this.#hasTicked = false
    return hasTicked
  }

  /** Whether anything real has happened since the last time this was asked: more may be on its way. */
  haveStirred(): boolean {
    const wasStirred = this.#isStirred
    this.#isStirred = false
    return wasStirred
  }

  /** Whether time has to stand still for something. */
  arePending(): boolean {
    if (this.#pending.size + pool.size === 0) return false
    const all = [...this.#pending.values(), ...pool]
    return all.some((one) => isPending(one) && !hasBothEnds(one, all))
  }

  /** Something was made that time does not stand still for. */
  note(type: string): void {
    if (type === 'TickObject') this.#hasTicked = true
    this.#isStirred = true
  }

  add(id: number, resource: ForeignResource): void {
    this.#isStirred = true
    this.#pending.set(id, resource)
    owners.set(id, this)
  }

  /** The callback of a resource has run. */
  called(id: number): void {
    if (isRequest(this.#pending.get(id)!)) {
      this.#pending.delete(id)
      owners.delete(id)
    }
    this.#isStirred = true
    this.#wakeUp()
  }

  clear(): void {
    for (const [id, resource] of this.#pending) {
      owners.delete(id)
      if (isConnection(resource) && isIdle(resource)) pool.add(resource)
    }
    this.#pending.clear()
    for (const resource of pool) if (isClosed(resource)) pool.delete(resource)
  }
}

interface Waiting extends World {
  readonly waits: ForeignWaits
  readonly isOver: boolean
}

const owners = new Map<number, ForeignWaits>()

/**
 * Connections that were made in bubbles that have ended, and were idle then: `fetch` and agents keep them for the next
 * request. That may come from any bubble: time stands still in all of them until they are idle again.
 */
const pool = new Set<ForeignResource>()

let watchers = 0
let hook: { enable(): void; disable(): void } | null = null

/** Watches from now on, until the result is called. */
export function watchForeign(): () => void {
  hook ??= nodeModule('async_hooks').createHook({
    init: created,
    // No `destroy`: with it, Node keeps a weak reference to each promise.
    after: (id) => owners.get(id)?.called(id),
    trackPromises: false,
  })
  if (watchers++ === 0) hook.enable()
  return () => {
    if (--watchers === 0) hook!.disable()
  }
}

function created(id: number, type: string, triggerId: number, resource: object): void {
  // They are no sign of anything real (the last are made by AsyncLocalStorage.snapshot), and come by the million.
  if (type === 'PROMISE' || type === 'Microtask' || type.startsWith('bound')) return
  const world = scheduler.world() as Waiting | null
  if (world?.isOver) return
  // A connection that was accepted is made before any code of ours runs: it belongs to whom the server belongs to.
  const waits = world === null ? owners.get(triggerId) : world.waits
  if (waits === undefined) return
  if (isForeign(type)) waits.add(id, foreignResource(type, resource))
  else waits.note(type)
}
