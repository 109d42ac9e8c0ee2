// A full garbage collection on demand, without a flag on the command line.

/** What this file uses of Node's module of that name. */
export interface V8Module {
  setFlagsFromString(flags: string): void
  /** Since Node 20.13. */
  queryObjects?(type: new () => object, options: { format: 'count' }): number
}

/** What this file uses of Node's module of that name. */
export interface VmModule {
  runInNewContext(code: string): unknown
}

interface Modules {
  getBuiltinModule(name: 'v8'): V8Module
  getBuiltinModule(name: 'vm'): VmModule
}

/** Stands for any class: to count its objects, V8 collects all garbage first. */
class Nothing {}

/**
 * What collects all garbage when called, or null where there is no way. `v8.queryObjects` does so by contract, but it takes
 * ten times as long, and Node warns of it once as an experiment: so it comes last.
 */
export function findGc(modules: Modules): (() => void) | null {
  const exposed: unknown = Reflect.get(globalThis, 'gc')
  if (typeof exposed === 'function') return () => exposed()
  const hidden = exposeGc(modules)
  if (hidden !== null) return hidden
  const { queryObjects } = modules.getBuiltinModule('v8')
  return queryObjects === undefined ? null : () => void queryObjects(Nothing, { format: 'count' })
}

/** The flag takes effect in contexts that are made from then on. */
function exposeGc(modules: Modules): (() => void) | null {
  try {
    const v8 = modules.getBuiltinModule('v8')
    v8.setFlagsFromString('--expose-gc')
    const gc = modules.getBuiltinModule('vm').runInNewContext('gc')
    v8.setFlagsFromString('--no-expose-gc')
    return typeof gc === 'function' ? () => gc() : null
  } catch {
    return null // not V8, or flags are frozen
  }
}
