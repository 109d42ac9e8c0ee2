// The TypeScript loader as Node 20 takes it: a module on the hooks' own thread, with asynchronous hooks.
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { alternatives, helperUrl } from './specifier.ts'
import { translate } from './translate.ts'

let programUrl = ''

export const initialize: InitializeHook<{ programUrl: string }> = (data) => {
  programUrl = data.programUrl
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const helper = helperUrl(specifier, programUrl)
  if (helper !== undefined) return { url: helper, shortCircuit: true }
  try {
    return await next(specifier, context)
  } catch (error) {
    for (const alternative of alternatives(specifier, context.parentURL)) {
      try {
        return await next(alternative, context)
      } catch {
        // The error to show is the first one.
      }
    }
    throw error
  }
}

export const load: LoadHook = async (url, context, next) => {
  const translated = translate(url, context.format, programUrl)
  return translated === undefined ? next(url, context) : { ...translated, shortCircuit: true }
}
