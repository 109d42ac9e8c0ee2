// Puts the TypeScript loader into Node: in this thread where Node can (22.15), on the hooks' own thread before.
import * as nodeModule from 'node:module'
import { alternatives, helperUrl } from './specifier.ts'
import { translate } from './translate.ts'

interface ResolveContext {
  readonly parentURL?: string
}

interface LoadContext {
  readonly format?: unknown
}

type Resolved = { readonly url: string; readonly shortCircuit?: boolean }
type Loaded = { readonly format: string; readonly source?: unknown; readonly shortCircuit?: boolean }
type Next<C, R> = (target: string, context: C) => R

interface SyncHooks {
  resolve(specifier: string, context: ResolveContext, next: Next<ResolveContext, Resolved>): Resolved
  load(url: string, context: LoadContext, next: Next<LoadContext, Loaded>): Loaded
}

/** Only what Node 22.15 and later have; the types are those of Node 20. */
const { registerHooks } = nodeModule as unknown as { registerHooks?: (hooks: SyncHooks) => void }

export function installTypeScript(programUrl: string): void {
  process.setSourceMapsEnabled(true)
  if (registerHooks === undefined) {
    nodeModule.register('./hooks-thread.js', { parentURL: import.meta.url, data: { programUrl } })
    return
  }
  registerHooks({
    resolve(specifier, context, next) {
      const helper = helperUrl(specifier, programUrl)
      if (helper !== undefined) return { url: helper, shortCircuit: true }
      try {
        return next(specifier, context)
      } catch (error) {
        for (const alternative of alternatives(specifier, context.parentURL)) {
          try {
            return next(alternative, context)
          } catch {
            // The error to show is the first one.
          }
        }
        throw error
      }
    },
    load(url, context, next) {
      const translated = translate(url, context.format, programUrl)
      return translated === undefined ? next(url, context) : { ...translated, shortCircuit: true }
    },
  })
}
