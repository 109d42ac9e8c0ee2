// Everybody in this package who listens to the runtime shares its one table of hooks.
//
// Invariants
// * The chain is in `scheduler.hooks` from the first subscription to the end of the last. What was there before, of
//   another copy of this package or of a layer with a table of its own, goes on hearing everything, first.
// * Each hook is the only function that wants it, or a loop over several, or nothing: what nobody listens to costs a call
//   of an empty function; `resume`, `giveWay`, `order` and `locks` are then not there at all.
import type { Hooks, LockHooks } from '../runtime/events.ts'
import { scheduler } from '../runtime/runtime.ts'

type Handler = (...args: never[]) => void

const nothing = (): void => {}

class HookChain implements Hooks {
  go: Hooks['go'] = nothing
  start: Hooks['start'] = nothing
  park: Hooks['park'] = nothing
  ready: Hooks['ready'] = nothing
  resume: Hooks['resume'] = undefined
  giveWay: Hooks['giveWay'] = undefined
  end: Hooks['end'] = nothing
  operation: Hooks['operation'] = nothing
  order: Hooks['order'] = undefined
  locks: LockHooks | undefined = undefined
  readonly #earlier: Hooks | null
  readonly #subscribers = new Set<Partial<Hooks>>()

  constructor(earlier: Hooks | null) {
    this.#earlier = earlier
    this.#combine()
  }

  get earlier(): Hooks | null {
    return this.#earlier
  }

  get isEmpty(): boolean {
    return this.#subscribers.size === 0
  }

  add(subscriber: Partial<Hooks>): void {
    this.#subscribers.add(subscriber)
    this.#combine()
  }

  remove(subscriber: Partial<Hooks>): void {
    this.#subscribers.delete(subscriber)
    this.#combine()
  }

  #combine(): void {
    const all = this.#earlier === null ? [...this.#subscribers] : [this.#earlier, ...this.#subscribers]
    this.go = join(all, 'go') ?? nothing
    this.start = join(all, 'start') ?? nothing
    this.park = join(all, 'park') ?? nothing
    this.ready = join(all, 'ready') ?? nothing
    this.resume = join(all, 'resume')
    this.giveWay = join(all, 'giveWay')
    this.end = join(all, 'end') ?? nothing
    this.operation = join(all, 'operation') ?? nothing
    this.order = join(all, 'order')
    const locks = all.flatMap((each) => each.locks ?? [])
    this.locks =
      locks.length === 0
        ? undefined
        : { ask: join(locks, 'ask')!, take: join(locks, 'take')!, release: join(locks, 'release')! }
  }
}

/** One function that calls the function `name` of all that have it; undefined when none has. */
function join<T extends object, K extends keyof T>(all: readonly T[], name: K): T[K] | undefined {
  const handlers = all.flatMap((each) => {
    const handler = each[name] as Handler | undefined
    return handler === undefined ? [] : [handler.bind(each) as Handler]
  })
  if (handlers.length <= 1) return handlers[0] as T[K] | undefined
  const callAll: Handler = (...args) => {
    for (const handler of handlers) handler(...args)
  }
  return callAll as T[K]
}

let chain: HookChain | null = null

/** Adds hooks to those of the runtime, until the result is disposed of. They must not throw. */
export function subscribe(hooks: Partial<Hooks>): Disposable {
  if (chain === null) {
    chain = new HookChain(scheduler.hooks)
    scheduler.hooks = chain
  }
  const mine = chain
  mine.add(hooks)
  return { [Symbol.dispose]: () => unsubscribe(mine, hooks) }
}

function unsubscribe(from: HookChain, hooks: Partial<Hooks>): void {
  from.remove(hooks)
  if (!from.isEmpty) return
  // Under a table that somebody else has put on top, it stays, and hands on.
  if (scheduler.hooks === from) scheduler.hooks = from.earlier
  if (chain === from) chain = null
}
