// A user's own AsyncLocalStorage must hold in goroutines. Capturing a context costs 0.4 to 1 microsecond and running in it
// 0.1, so neither is done until the program has used an AsyncLocalStorage. There is no way to ask whether it has; the
// first `run` or `enterWith` tells, and the wrappers that listen for it remove themselves (docs/adr/0006).
import type { RunInContext } from './host.ts'

export interface Storage<T> {
  run<R>(store: T, fn: () => R): R
  getStore(): T | undefined
}

export interface StorageClass {
  new <T>(): Storage<T>
  snapshot(): <A, R>(fn: (argument: A) => R, argument: A) => R
  readonly prototype: { run: Storage<never>['run']; enterWith: (store: never) => void }
}

export interface AsyncContext {
  /** The context of the caller, or null while the program uses none. */
  capture(): RunInContext | null
  /** The context in which this package was loaded, or null while the program uses none. */
  root(): RunInContext | null
}

export function createAsyncContext(storageClass: StorageClass): AsyncContext {
  let isInUse = false
  const root = storageClass.snapshot() as RunInContext
  const prototype = storageClass.prototype
  for (const name of ['run', 'enterWith'] as const) listen(name)

  function listen(name: 'run' | 'enterWith'): void {
    const original = prototype[name] as (...args: never[]) => unknown
    function listener(this: unknown, ...args: never[]): unknown {
      isInUse = true
      // Somebody may have wrapped the method after us: theirs stays, and goes through here to the original.
      if (prototype[name] === (listener as unknown)) Object.assign(prototype, { [name]: original })
      return Reflect.apply(original, this, args)
    }
    Object.assign(prototype, { [name]: listener })
  }

  return {
    capture: () => (isInUse ? (storageClass.snapshot() as RunInContext) : null),
    root: () => (isInUse ? root : null),
  }
}
