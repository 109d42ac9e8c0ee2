// What a bubble waits for that is not the runtime's: requests to the operating system, open connections, timers that the
// bubble could not make its own. While one of them is pending, time stands still in the bubble that made it: the rule
// of Go's synctest that a goroutine blocked in input or output is not durably blocked. By async_hooks: whatever is made while
// a goroutine of the bubble runs belongs to the bubble.
import { scheduler } from '../runtime/runtime.ts'
import type { World } from '../runtime/world.ts'
import { nodeModule } from './node.ts'

/** What ends with its one callback. */
const request = /REQ|JOB|CONNECTWRAP|WRITEWRAP|SHUTDOWNWRAP|SENDWRAP|QUERYWRAP|^Immediate$/
/** What is pending until it is closed, has fired, or no longer keeps the program alive. Listening sockets are not: they only wait. */
const handle = /^(TCPWRAP|PIPEWRAP|UDPWRAP|PROCESSWRAP|WORKER|Timeout)$/
/** What is no sign of anything real; the last is a captured context. */
const own = /^(PROMISE|Microtask|bound-anonymous-fn)$/

interface Waker extends World {
  wakeUp(): void
}

interface Pending {
  readonly world: Waker
  readonly resource: { hasRef?(): boolean }
  readonly isRequest: boolean
}

class ForeignWaits {
  readonly #pending = new Map<number, Pending>()
  readonly #worlds = new Map<World, { pending: Set<number>; isStirred: boolean }>()
  #watchers = 0
  #hook: { enable(): void; disable(): void } | null = null

  /** Watches from now on; each call needs one of `stop`. */
  start(): void {
    this.#hook ??= nodeModule('async_hooks').createHook({
      init: (id, type, _trigger, resource) => this.#init(id, type, resource),
      // No `destroy`: with it, Node keeps a weak reference to each promise.
      after: (id) => this.#after(id),
      trackPromises: false,
    })
    if (this.#watchers++ === 0) this.#hook.enable()
  }

  stop(): void {
    if (--this.#watchers === 0) this.#hook?.disable()
  }

  enter(world: Waker): void {
    this.#worlds.set(world, { pending: new Set(), isStirred: false })
  }

  leave(world: Waker): void {
    for (const id of this.#worlds.get(world)?.pending ?? []) this.#pending.delete(id)
    this.#worlds.delete(world)
  }

  /** Whether anything real is pending, or has been stirred since the last call: then more may be on its way. */
  areInvolved(world: World): boolean {
    const state = this.#worlds.get(world)!
    const wasStirred = state.isStirred
    state.isStirred = false
    return wasStirred || this.arePending(world)
  }

  arePending(world: World): boolean {
    for (const id of this.#worlds.get(world)!.pending) {
      const { resource, isRequest } = this.#pending.get(id)!
      if (isRequest || resource.hasRef === undefined || resource.hasRef()) return true
    }
    return false
  }

  #init(id: number, type: string, resource: object): void {
    if (own.test(type)) return
    const world = scheduler.world() as Waker | null
    const state = world === null ? undefined : this.#worlds.get(world)
    if (state === undefined) return
    state.isStirred = true
    const isRequest = request.test(type)
    if (!isRequest && !handle.test(type)) return
    this.#pending.set(id, { world: world!, resource, isRequest })
    state.pending.add(id)
  }

  #after(id: number): void {
    const entry = this.#pending.get(id)
    if (entry === undefined) return
    if (entry.isRequest) {
      this.#pending.delete(id)
      this.#worlds.get(entry.world)?.pending.delete(id)
    }
    this.#stir(entry.world)
  }

  #stir(world: Waker): void {
    const state = this.#worlds.get(world)
    if (state === undefined) return
    state.isStirred = true
    world.wakeUp()
  }
}

export const foreignWaits: ForeignWaits = new ForeignWaits()
