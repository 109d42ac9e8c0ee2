// Which goroutines belong to which stretch of a test: those that were started in it, and those that they start. So tests
// that run at the same time do not blame each other.
//
// Invariants
// * A goroutine belongs to the innermost open scope of the code that made it, as its asynchronous context tells; where
//   that tells nothing, to the scope of the goroutine that made it. A generator goroutine keeps the context it was started
//   in: what it opens itself is noted for it.
// * It belongs to that one alone, so each leak is reported once. More than order needs it: AsyncLocalStorage.enterWith holds
//   for what the caller's caller does in the same step, too, so that a scope may seem to be inside one that is beside it.
// * Scopes know goroutines by their records only, and weakly.

import { startDebugging } from '../runtime/debugging.ts'
import { GoroutineRecord } from '../runtime/goroutine-record.ts'
import { trackLeaks } from '../runtime/prove-leaks.ts'
import { scheduler } from '../runtime/runtime.ts'

/** What this file uses of AsyncLocalStorage. */
interface Storage {
  run<R>(scope: LeakScope | undefined, fn: () => R): R
  enterWith(scope: LeakScope | undefined): void
  getStore(): LeakScope | undefined
}

interface ModuleLoader {
  getBuiltinModule?(name: 'async_hooks'): { AsyncLocalStorage: new () => Storage }
}

// Before version 24, Node tells asynchronous contexts apart only from the first use of a storage on, and tests that began
// before that would share one. So one is used as soon as this is loaded, such that the runtime does not see it.
scheduler.host.createIdentity()?.run(new GoroutineRecord(0, 0), () => {})

const scopeOf = new WeakMap<GoroutineRecord, LeakScope>()
const openedBy = new WeakMap<GoroutineRecord, LeakScope>()
let storage: Storage | undefined

/** Where there is no AsyncLocalStorage: one scope at a time, for all code. */
class AmbientStorage implements Storage {
  #scope: LeakScope | undefined

  run<R>(scope: LeakScope | undefined, fn: () => R): R {
    this.#scope = scope
    return fn()
  }

  enterWith(scope: LeakScope | undefined): void {
    this.#scope = scope
  }

  getStore(): LeakScope | undefined {
    return this.#scope
  }
}

function useStorage(): Storage {
  if (storage !== undefined) return storage
  const { process } = globalThis as { process?: ModuleLoader }
  const modules = process?.getBuiltinModule?.('async_hooks')
  storage = modules === undefined ? new AmbientStorage() : new modules.AsyncLocalStorage()
  return storage
}

function noteScope(record: GoroutineRecord, parent: GoroutineRecord | undefined): void {
  const opened = parent === undefined ? undefined : openedBy.get(parent)
  const scope = opened ?? storage?.getStore() ?? (parent === undefined ? undefined : scopeOf.get(parent))
  const open = scope?.innermostOpen()
  if (open !== undefined) scopeOf.set(record, open)
}

export class LeakScope {
  readonly #outer: LeakScope | undefined
  #opener: GoroutineRecord | undefined
  #isOpen = true

  /** Tracks goroutines, with their sites, from now on. */
  constructor() {
    startDebugging(scheduler)
    trackLeaks(scheduler).listeners.add(noteScope)
    this.#outer = useStorage().getStore()?.innermostOpen()
  }

  /** Calls `fn`; goroutines that are started in it, and in what it awaits, belong to this scope. */
  run<R>(fn: () => R): R {
    return useStorage().run(this, fn)
  }

  /** What the caller starts from now on belongs to this scope, until it is closed. */
  enter(): void {
    if (scheduler.current === null) {
      useStorage().enterWith(this)
      return
    }
    this.#opener = scheduler.current.record!
    openedBy.set(this.#opener, this)
  }

  close(): void {
    this.#isOpen = false
    if (this.#opener === undefined) return
    const outer = this.#outer?.innermostOpen()
    if (outer === undefined) openedBy.delete(this.#opener)
    else openedBy.set(this.#opener, outer)
  }

  has(record: GoroutineRecord): boolean {
    return scopeOf.get(record) === this
  }

  /** @internal */
  innermostOpen(): LeakScope | undefined {
    let scope: LeakScope | undefined = this
    while (scope !== undefined && !scope.#isOpen) scope = scope.#outer
    return scope
  }
}
