// What this layer needs from Node beyond the runtime's host.
import { WarrenError } from '../errors/warren-error.ts'

interface HookCallbacks {
  init(asyncId: number, type: string, triggerAsyncId: number, resource: object): void
  after(asyncId: number): void
}

interface AsyncHooks {
  createHook(callbacks: HookCallbacks & { trackPromises?: boolean }): { enable(): void; disable(): void }
  readonly AsyncLocalStorage: { snapshot(): <A>(fn: (argument: A) => void, argument: A) => void }
}

export interface NodeModules {
  readonly async_hooks: AsyncHooks
  readonly timers: Record<string, unknown>
  readonly 'timers/promises': Record<string, unknown>
  readonly module: { syncBuiltinESMExports(): void }
}

interface Process {
  getBuiltinModule?<N extends keyof NodeModules>(name: N): NodeModules[N]
}

/** @throws {WarrenError} `ERR_NOT_AVAILABLE` where the host has no such module. */
export function nodeModule<N extends keyof NodeModules>(name: N): NodeModules[N] {
  const { process } = globalThis as { process?: Process }
  if (process?.getBuiltinModule === undefined) {
    throw new WarrenError('ERR_NOT_AVAILABLE', `warren/testing needs node:${name}, which this host does not have`)
  }
  return process.getBuiltinModule(name)
}
